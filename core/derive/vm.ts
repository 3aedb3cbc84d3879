/** A VM from its objects: VirtualMachine, VirtualMachineInstance and migrations of one namespace and name (SPEC T1–T5). */
import type { HostFact, KubeVirtFact, PodFact, RestoreFact, VmFact, VmiFact, VmimFact } from '../facts.ts';
import type { DerivedVm, FinishedMigration, Migratable } from '../model.ts';
import { vmIdOf } from '../model.ts';
import { formatExplanation } from '../text.ts';
import { findCondition } from './conditions.ts';
import type { EndContext } from './ending.ts';
import { evacuationOf, evacuationWaitOf } from './evacuation.ts';
import { deriveMigrations } from './migration.ts';
import { type Presence, presenceOf } from './presence.ts';
import type { SlotUser } from './slots.ts';
import { deriveVmState, isOver } from './vm-state.ts';

export interface VmObjects {
  readonly vm?: VmFact | undefined;
  readonly vmi?: VmiFact | undefined;
  readonly vmims: readonly VmimFact[];
}

/** The rest of the cluster, as far as a VM depends on it. */
export interface VmContext extends EndContext {
  readonly hostOf: (name: string) => HostFact | undefined;
  /** Its target pods, today's and former ones. */
  readonly podsOfVmi: (uid: string) => readonly PodFact[];
  readonly restoreOf: (namespace: string, name: string) => RestoreFact | undefined;
  readonly kubevirt: KubeVirtFact | undefined;
  /** Whether whoever is told of VMs takes their labels (labels.ts). */
  readonly showsLabels: boolean;
}

export interface DerivedVmAndMigrations {
  /** Null where neither VM nor VMI exists. Whether it waits for a slot is not in it yet (slots.ts). */
  readonly vm: DerivedVm | null;
  readonly slot?: SlotUser;
  readonly presence: Presence;
  readonly finished: readonly FinishedMigration[];
}

export function deriveVm({ vm, vmi, vmims }: VmObjects, context: VmContext): DerivedVmAndMigrations {
  const { transit, danger: transitDanger, slot, finished } = deriveMigrations(vmi, vmims, context);
  const object = vmi ?? vm;
  const presence = presenceOf({ vmi, vmims, transit, pods: vmi === undefined ? [] : context.podsOfVmi(vmi.uid) });
  if (object === undefined) return { vm: null, presence, finished };
  const { namespace, name } = object;
  const host = vmi === undefined || isOver(vmi) ? null : vmi.nodeName;
  const { state, reason, danger } = deriveVmState(vm, vmi, {
    lostHost: vmi?.nodeName == null ? undefined : lossOf(context.hostOf(vmi.nodeName)),
    restore: vm?.restore === undefined ? undefined : context.restoreOf(namespace, vm.restore),
    suspended: transit?.suspended === true,
  });
  const dangers = transitDanger === undefined ? danger : [transitDanger, ...danger];
  const migratable = deriveMigratable(vmi);
  const evacuation = transit === undefined && vmi !== undefined ? evacuationSlotOf(vmi, migratable, context) : undefined;
  const user = slot ?? evacuation?.user;
  return {
    vm: {
      id: vmIdOf(namespace, name),
      namespace,
      name,
      uid: vmi?.uid ?? null,
      host,
      state,
      migratable,
      ...(reason !== undefined && { reason }),
      ...(dangers.length > 0 && { danger: dangers }),
      ...(transit !== undefined && { transit }),
      // What it waits for is replaced by slots.ts, which alone can tell.
      ...(evacuation !== undefined && { evacuation: { from: evacuation.from, waitingFor: { reason: 'no-migration' } as const } }),
      ...guestOf(vm, vmi),
      ...(context.showsLabels && labelsOf(vm, vmi)),
    },
    ...(user !== undefined && { slot: user }),
    presence,
    finished,
  };
}

function lossOf(host: HostFact | undefined): 'silent' | 'gone' | undefined {
  if (host === undefined) return 'gone';
  return host.ready.status === 'Unknown' ? 'silent' : undefined;
}

function guestOf(vm: VmFact | undefined, vmi: VmiFact | undefined): Pick<DerivedVm, 'displayName' | 'os' | 'cpu' | 'memory'> {
  const displayName = vm?.displayName ?? vmi?.displayName;
  const os = vmi?.os ?? vm?.os;
  const cpu = vmi?.cpu ?? vm?.cpu;
  const memory = vmi?.memory ?? vm?.memory;
  return {
    ...(displayName !== undefined && { displayName }),
    ...(cpu !== undefined && { cpu }),
    ...(memory !== undefined && { memory }),
    ...(os !== undefined && { os }),
  };
}

/** Of the VirtualMachine, off or running, so that a start changes none of them; of the guest where nothing else is left. */
function labelsOf(vm: VmFact | undefined, vmi: VmiFact | undefined): Pick<DerivedVm, 'labels'> {
  const labels = vm === undefined ? vmi?.labels : vm.labels;
  return labels === undefined ? {} : { labels };
}

function evacuationSlotOf(
  vmi: VmiFact,
  migratable: Migratable,
  context: VmContext,
): { readonly from: string; readonly user: SlotUser } | undefined {
  const host = vmi.nodeName === null ? undefined : context.hostOf(vmi.nodeName);
  const from = evacuationOf(vmi, host, context.kubevirt, migratable);
  if (from === null) return undefined;
  const wait = evacuationWaitOf(vmi, migratable, host);
  const vm = vmIdOf(vmi.namespace, vmi.name);
  return { from, user: { vm, hosts: [from], isRunning: false, hasMigration: false, priority: undefined, createdAt: 0, wait } };
}

/** Without a running guest there is nothing to migrate, and nothing to explain. */
function deriveMigratable(vmi: VmiFact | undefined): Migratable {
  if (vmi === undefined || vmi.phase !== 'Running' || vmi.malformed !== undefined) return { ok: false };
  const condition = findCondition(vmi.conditions, 'LiveMigratable');
  if (condition?.status === 'True') {
    // KubeVirt calls it migratable; but no other host would take it (harvester/harvester#10383). Before 1.7 Harvester pins what it moves.
    const isPinned = vmi.pinnedTo !== undefined && vmi.pinnedTo === vmi.nodeName && vmi.harvesterTarget === undefined;
    return isPinned ? { ok: false, reason: `pinned to ${vmi.pinnedTo} by its nodeSelector` } : { ok: true };
  }
  const reason = condition === undefined ? '' : formatExplanation(condition);
  return reason === '' ? { ok: false } : { ok: false, reason };
}
