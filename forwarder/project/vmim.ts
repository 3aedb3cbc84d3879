/** VirtualMachineInstanceMigration → VmimFact. */
import type { VmimFact } from '../../core/facts.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { isConditionTrue, projectConditions } from './conditions.ts';
import { isRecord, nameAt, optional, textAt, valueAt } from './json.ts';
import { projectNamespacedIdentity } from './metadata.ts';
import { projectMigrationState } from './migration-state.ts';

export function projectVmim(vmim: unknown): Result<VmimFact> {
  const identity = projectNamespacedIdentity(vmim);
  if (!identity.ok) return identity;
  const { namespace, name, uid, deleting, createdAt, annotations } = identity.value;
  const vmiName = nameAt(vmim, 'spec', 'vmiName');
  if (vmiName === undefined)
    return err(valueAt(vmim, 'spec', 'vmiName') === undefined ? 'spec.vmiName is missing' : 'spec.vmiName is no name');
  const conditions = projectConditions(vmim);
  return ok({
    namespace,
    name,
    uid,
    vmiName,
    phase: textAt(vmim, 'status', 'phase') ?? '',
    deleting,
    createdAt,
    abortRequested: isConditionTrue(conditions, 'migrationAbortRequested'),
    conditions,
    workloadUpdate: Object.hasOwn(annotations, 'kubevirt.io/workloadUpdateMigration'),
    crossCluster: isRecord(valueAt(vmim, 'spec', 'sendTo')) || isRecord(valueAt(vmim, 'spec', 'receive')),
    ...optional('requestedHost', nameAt(vmim, 'spec', 'addedNodeSelector', 'kubernetes.io/hostname')),
    ...optional('evacuatingFrom', textAt(annotations, 'kubevirt.io/evacuationMigration')),
    ...optional('priority', textAt(vmim, 'spec', 'priority')),
    ...optional('migration', projectMigrationState(vmim)),
  });
}
