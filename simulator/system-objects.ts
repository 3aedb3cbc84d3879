/** What Harvester and KubeVirt keep of themselves: KubeVirt's settings, the hosts' power, an upgrade, the restore of a backup. */
import { type Condition, formatTime, type JsonObject, type ObjectMeta } from './objects.ts';

export const SYSTEM_NAMESPACE = 'harvester-system';
const LATEST_UPGRADE_LABEL = 'harvesterhci.io/latestUpgrade';

export interface KubeVirt {
  readonly apiVersion: 'kubevirt.io/v1';
  readonly kind: 'KubeVirt';
  readonly metadata: ObjectMeta;
  readonly spec: { readonly configuration: { readonly migrations: JsonObject } };
  readonly status: { readonly phase: 'Deploying' | 'Deployed'; readonly observedKubeVirtVersion: string };
}

export type PowerAction = 'shutdown' | 'poweron' | 'reboot';

/** A host's hardware, as Seeder knows it. */
export interface Inventory {
  readonly apiVersion: 'metal.harvesterhci.io/v1alpha1';
  readonly kind: 'Inventory';
  readonly metadata: ObjectMeta;
  readonly spec: { readonly powerActionRequested?: PowerAction };
  readonly status: {
    readonly machinePowerState: 'on' | 'off';
    readonly powerAction?: { readonly actionStatus?: string; readonly lastPowerAction?: PowerAction };
  };
}

export type UpgradeNodeState = 'Images preloaded' | 'Pre-draining' | 'Pre-drained' | 'Post-draining' | 'Waiting Reboot' | 'Succeeded';

export interface Upgrade {
  readonly apiVersion: 'harvesterhci.io/v1beta1';
  readonly kind: 'Upgrade';
  readonly metadata: ObjectMeta;
  readonly spec: { readonly version: string };
  readonly status: {
    readonly conditions: readonly Condition[];
    readonly nodeStatuses: Readonly<Record<string, { readonly state: UpgradeNodeState }>>;
  };
}

export interface VirtualMachineRestore {
  readonly apiVersion: 'harvesterhci.io/v1beta1';
  readonly kind: 'VirtualMachineRestore';
  readonly metadata: ObjectMeta;
  readonly spec: { readonly target: { readonly apiGroup: 'kubevirt.io'; readonly kind: 'VirtualMachine'; readonly name: string } };
  readonly status: { readonly complete: boolean };
}

interface Named {
  readonly name: string;
  readonly uid: string;
  readonly nowMs: number;
}

const metadataOf = ({ name, uid, nowMs }: Named, namespace = SYSTEM_NAMESPACE): ObjectMeta => ({
  name,
  namespace,
  uid,
  resourceVersion: '',
  generation: 1,
  creationTimestamp: formatTime(nowMs),
});

export const createKubeVirt = (named: Named, release: string, migrations: JsonObject): KubeVirt => ({
  apiVersion: 'kubevirt.io/v1',
  kind: 'KubeVirt',
  metadata: metadataOf(named),
  spec: { configuration: { migrations } },
  status: { phase: 'Deployed', observedKubeVirtVersion: `v${release}` },
});

export const createInventory = (named: Named): Inventory => ({
  apiVersion: 'metal.harvesterhci.io/v1alpha1',
  kind: 'Inventory',
  metadata: metadataOf(named),
  spec: {},
  status: { machinePowerState: 'on' },
});

const completed = (status: Condition['status'], nowMs: number): Condition => ({
  type: 'Completed',
  status,
  lastTransitionTime: formatTime(nowMs),
});

export const createUpgrade = (named: Named, version: string, nodeStatuses: Upgrade['status']['nodeStatuses']): Upgrade => ({
  apiVersion: 'harvesterhci.io/v1beta1',
  kind: 'Upgrade',
  metadata: { ...metadataOf(named), labels: { [LATEST_UPGRADE_LABEL]: 'true' } },
  spec: { version },
  status: { conditions: [completed('Unknown', named.nowMs)], nodeStatuses },
});

export const setNodeState = (upgrade: Upgrade, host: string, state: UpgradeNodeState): Upgrade => ({
  ...upgrade,
  status: { ...upgrade.status, nodeStatuses: { ...upgrade.status.nodeStatuses, [host]: { state } } },
});

export const completeUpgrade = (upgrade: Upgrade, nowMs: number): Upgrade => ({
  ...upgrade,
  status: { ...upgrade.status, conditions: [completed('True', nowMs)] },
});

export const createRestore = (named: Named, namespace: string, vmName: string): VirtualMachineRestore => ({
  apiVersion: 'harvesterhci.io/v1beta1',
  kind: 'VirtualMachineRestore',
  metadata: metadataOf(named, namespace),
  spec: { target: { apiGroup: 'kubevirt.io', kind: 'VirtualMachine', name: vmName } },
  status: { complete: false },
});

/** Somebody asked for it, and nothing of it has happened yet: no actionStatus. */
export const requestPower = (inventory: Inventory, powerActionRequested: PowerAction): Inventory => ({
  ...inventory,
  spec: { powerActionRequested },
  status: { ...inventory.status, powerAction: {} },
});

/** Seeder has done what was asked for. */
export const completePower = (inventory: Inventory, machinePowerState: 'on' | 'off'): Inventory => {
  const lastPowerAction = inventory.spec.powerActionRequested;
  return {
    ...inventory,
    status: { machinePowerState, powerAction: { actionStatus: 'complete', ...(lastPowerAction === undefined ? {} : { lastPowerAction }) } },
  };
};
