/** VirtualMachineInstance → VmiFact. */
import type { VmiFact } from '../../core/facts.ts';
import { ok, type Result } from '../../core/result.ts';
import { isConditionTrue, projectConditions } from './conditions.ts';
import { projectVmiGuest } from './guest.ts';
import { listAt, nameAt, optional, textAt } from './json.ts';
import { projectNamespacedIdentity } from './metadata.ts';
import { projectMigrationState } from './migration-state.ts';

export function projectVmi(vmi: unknown): Result<VmiFact> {
  const identity = projectNamespacedIdentity(vmi);
  if (!identity.ok) return identity;
  const { namespace, name, uid, deleting, createdAt, annotations } = identity.value;
  const conditions = projectConditions(vmi);
  return ok({
    namespace,
    name,
    uid,
    deleting,
    createdAt,
    phase: textAt(vmi, 'status', 'phase') ?? '',
    nodeName: nameAt(vmi, 'status', 'nodeName') ?? null,
    conditions,
    volumesChange: listAt(vmi, 'status', 'migratedVolumes').length > 0 || isConditionTrue(conditions, 'VolumesChange'),
    ...optional('reason', textAt(vmi, 'status', 'reason')),
    ...optional('migration', projectMigrationState(vmi)),
    ...optional('evacuatingFrom', nameAt(vmi, 'status', 'evacuationNodeName')),
    ...optional('evictionSource', textAt(annotations, 'kubevirt.io/eviction-source')),
    ...optional('harvesterMigrationUid', textAt(annotations, 'harvesterhci.io/migrationUID')),
    ...optional('harvesterTarget', nameAt(annotations, 'harvesterhci.io/migrationTargetNodeName')),
    ...projectVmiGuest(identity.value, vmi),
  });
}
