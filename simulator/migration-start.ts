/** How a migration is begun: whether KubeVirt's admission lets it in, its names and uids, and the target as it looks now. */
import { type Engine, formatVm } from './engine.ts';
import type { MigrationCause, MigrationInput } from './migration-timeline.ts';
import { createMove } from './move.ts';
import { parseMemory, readLoads, selectHost } from './placement.ts';
import { formatPodName } from './pod-objects.ts';
import type { MigrateInput, Move, VmRef } from './types.ts';

const NAME_PREFIXES: Readonly<Record<MigrationCause, string | null>> = {
  harvester: null,
  api: null,
  virtctl: 'kubevirt-migrate-vm-',
  evacuation: 'kubevirt-evacuation-',
  descheduler: 'kubevirt-evacuation-',
  'workload-update': 'kubevirt-workload-update-',
};

/** The words of KubeVirt's admission webhook; null where it lets the migration in. */
export function findRefusal({ store, moves }: Engine, vm: VmRef): string | null {
  const vmi = store.get('virtualmachineinstances', vm.namespace, vm.name);
  if (vmi === undefined) return `the VMI "${vm.name}" does not exist under the cluster`;
  if (vmi.status.phase === 'Succeeded' || vmi.status.phase === 'Failed') return 'Cannot migrate VMI in finalized state.';
  const active = moves.get(formatVm(vm));
  if (active !== undefined) {
    const uid = store.get('virtualmachineinstancemigrations', vm.namespace, active.vmimName)?.metadata.uid ?? active.vmimName;
    return `in-flight migration detected. Active migration job (${uid}) is currently already in progress for VMI ${vm.name}.`;
  }
  const migratable = vmi.status.conditions?.find(({ type }) => type === 'LiveMigratable');
  if (migratable?.status === 'False') return `Cannot migrate VMI, Reason: ${migratable.reason}, Message: ${migratable.message}`;
  if (vmi.status.nodeName === undefined) return 'Cannot migrate VMI that is not running.';
  return null;
}

/** A name of a VMIM that is free, completed as Kubernetes completes a generateName. */
export function findFreeName({ store, random }: Engine, namespace: string, prefix: string): string {
  for (;;) {
    const candidate = `${prefix}${random.suffix()}`;
    if (store.get('virtualmachineinstancemigrations', namespace, candidate) === undefined) return candidate;
  }
}

export function beginMove(engine: Engine, input: MigrateInput, more: Partial<MigrationInput> = {}): Move {
  const { namespace, name, to, hold, cause = to === undefined ? 'virtctl' : 'harvester', ...rest } = input;
  const vm = { namespace, name };
  const refusal = findRefusal(engine, vm);
  const vmi = engine.store.get('virtualmachineinstances', namespace, name);
  const source = vmi?.status.nodeName;
  if (refusal !== null || vmi === undefined || source === undefined) throw new Error(`${formatVm(vm)}: ${refusal}`);
  const target = to ?? selectHost(readLoads(engine.store), parseMemory(vmi.spec.domain.memory.guest), source);
  const address = target === null ? undefined : engine.store.get('nodes', undefined, target)?.status.addresses[0]?.address;
  const sourcePodUid = Object.entries(vmi.status.activePods ?? {}).find(([, node]) => node === source)?.[0] ?? '';
  const targetPodUid = engine.createUid('pod');
  const requested = input.requested ?? (input.placed === true ? undefined : to);
  const planned: MigrationInput = {
    ...rest,
    kubevirt: engine.kubevirt,
    cause,
    outcome: target === null ? 'unschedulable' : (input.outcome ?? 'succeeded'),
    namespace,
    vmName: name,
    vmimName: findFreeName(engine, namespace, NAME_PREFIXES[cause] ?? `${name}-`),
    vmimUid: engine.createUid('vmim'),
    source,
    target: target ?? source,
    ...(requested === undefined ? {} : { requested }),
    sourcePod: formatPodName(name, sourcePodUid),
    targetPod: formatPodName(name, targetPodUid),
    targetPodUid,
    targetAddress: address ?? '',
    ...more,
  };
  return createMove(engine, planned, hold);
}
