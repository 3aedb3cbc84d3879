/** VMIMs that a scenario writes itself: those that are not moves of the cluster's own. */
import { createVmim } from '../migration-objects.ts';
import type { MigrationCause } from '../migration-timeline.ts';
import type { VirtualMachineInstanceMigration as Vmim } from '../objects.ts';
import type { Stage, Updates } from '../stage.ts';
import type { VmRef } from '../types.ts';

/** A VMIM of a VM that nobody has looked at yet; its name is completed as Kubernetes does it. */
export function planVmim({ cluster, nowMs }: Stage, vm: VmRef, prefix: string, cause: MigrationCause = 'api'): Vmim {
  const input = {
    kubevirt: cluster.kubevirt,
    cause,
    namespace: vm.namespace,
    vmName: vm.name,
    vmimName: `${prefix}${cluster.random.suffix()}`,
    vmimUid: cluster.createUid('vmim'),
    source: cluster.get('virtualmachineinstances', vm.namespace, vm.name)?.status?.nodeName ?? '',
  };
  return createVmim(input, nowMs);
}

/** A VM's finished migrations are deleted, as KubeVirt's garbage collection would in time. */
export function* forgetMigrations(stage: Stage, vm: VmRef): Updates {
  for (const { metadata, spec } of stage.cluster.list('virtualmachineinstancemigrations')) {
    if (metadata.namespace !== vm.namespace || spec.vmiName !== vm.name) continue;
    yield stage.remove('virtualmachineinstancemigrations', { namespace: vm.namespace, name: metadata.name }, 'VmimRemoved');
  }
}
