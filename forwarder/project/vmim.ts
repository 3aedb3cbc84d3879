/** VirtualMachineInstanceMigration → VmimFact. */
import { isConditionTrue } from '../../core/derive/conditions.ts';
import type { VmimFact } from '../../core/facts.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { projectConditions } from './conditions.ts';
import { isRecord, listAt, nameAt, optional, shortenList, textAt, valueAt } from './json.ts';
import { findMalformed } from './malformed.ts';
import { projectNamespacedIdentity } from './metadata.ts';
import { projectMigrationState } from './migration-state.ts';

const CONDITIONS = [
  'migrationAbortRequested',
  'migrationRejectedByResourceQuota',
  'migrationBlockedByUtilityVolumes',
  'migrationBlockedByBackup',
  'decentralizedMigrationBlocked',
];
const FIELDS = [
  ['object', 'status'],
  ['text', 'status', 'phase'],
  ['list', 'status', 'conditions'],
] as const;

export function projectVmim(vmim: unknown): Result<VmimFact> {
  const identity = projectNamespacedIdentity(vmim);
  if (!identity.ok) return identity;
  const { namespace, name, uid, deleting, createdAt, labels, annotations } = identity.value;
  const vmiName = nameAt(vmim, 'spec', 'vmiName');
  if (vmiName === undefined)
    return err(valueAt(vmim, 'spec', 'vmiName') === undefined ? 'spec.vmiName is missing' : 'spec.vmiName is no name');
  const conditions = projectConditions(vmim, CONDITIONS);
  const transitions = projectTransitions(vmim);
  const direction = directionOf(vmim);
  return ok({
    namespace,
    name,
    uid,
    vmiName,
    phase: textAt(vmim, 'status', 'phase') ?? '',
    phases: transitions.map(({ phase }) => phase),
    deleting,
    createdAt,
    overAt: transitions.findLast(({ phase }) => phase === 'Succeeded' || phase === 'Failed')?.at ?? null,
    abortRequested: isConditionTrue(conditions, 'migrationAbortRequested'),
    conditions,
    workloadUpdate: Object.hasOwn(annotations, 'kubevirt.io/workloadUpdateMigration'),
    volumeUpdate: Object.hasOwn(labels, 'kubevirt.io/volume-update-migration'),
    ...optional('direction', direction),
    ...optional('pair', textAt(vmim, 'spec', direction === 'out' ? 'sendTo' : 'receive', 'migrationID')),
    ...optional('requestedHost', nameAt(vmim, 'spec', 'addedNodeSelector', 'kubernetes.io/hostname')),
    ...optional('evacuatingFrom', textAt(annotations, 'kubevirt.io/evacuationMigration')),
    ...optional('priority', textAt(vmim, 'spec', 'priority')),
    ...optional('migration', projectMigrationState(vmim)),
    ...optional('malformed', findMalformed(vmim, FIELDS)),
  });
}

function directionOf(vmim: unknown): VmimFact['direction'] {
  if (isRecord(valueAt(vmim, 'spec', 'sendTo'))) return 'out';
  return isRecord(valueAt(vmim, 'spec', 'receive')) ? 'in' : undefined;
}

function projectTransitions(vmim: unknown): readonly { readonly phase: string; readonly at: number | null }[] {
  const transitions = listAt(vmim, 'status', 'phaseTransitionTimestamps').flatMap((transition) => {
    const phase = textAt(transition, 'phase');
    const at = Date.parse(textAt(transition, 'phaseTransitionTimestamp') ?? '');
    return phase === undefined ? [] : [{ phase, at: at >= 0 ? at : null }];
  });
  return shortenList(transitions);
}
