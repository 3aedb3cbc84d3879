/** VirtualMachineInstance → VmiFact. */
import { isConditionTrue } from '../../core/derive/conditions.ts';
import type { VmiFact } from '../../core/facts.ts';
import { ok, type Result } from '../../core/result.ts';
import { projectConditions } from './conditions.ts';
import { projectVmiGuest } from './guest.ts';
import { listAt, nameAt, optional, recordAt, shortenList, textAt, valueAt } from './json.ts';
import { projectLabels } from './labels.ts';
import { findMalformed } from './malformed.ts';
import { projectNamespacedIdentity } from './metadata.ts';
import { projectMigrationState } from './migration-state.ts';

const CONDITIONS = [
  'Ready',
  'Paused',
  'PodScheduled',
  'LiveMigratable',
  'Failure',
  'HotVCPUChange',
  'HotMemoryChange',
  'VolumesChange',
  'DecentralizedLiveMigrationFailure',
];
const FIELDS = [
  ['object', 'status'],
  ['text', 'status', 'phase'],
  ['text', 'status', 'nodeName'],
  ['list', 'status', 'conditions'],
  ['object', 'status', 'migrationState'],
] as const;

export function projectVmi(vmi: unknown, labelKeys: readonly string[]): Result<VmiFact> {
  const identity = projectNamespacedIdentity(vmi);
  if (!identity.ok) return identity;
  const { namespace, name, uid, deleting, createdAt, labels, annotations } = identity.value;
  const conditions = projectConditions(vmi, CONDITIONS);
  return ok({
    namespace,
    name,
    uid,
    deleting,
    createdAt,
    phase: textAt(vmi, 'status', 'phase') ?? '',
    nodeName: nameAt(vmi, 'status', 'nodeName') ?? null,
    conditions,
    podHosts: projectPodHosts(vmi),
    volumesChange: listAt(vmi, 'status', 'migratedVolumes').length > 0 || isConditionTrue(conditions, 'VolumesChange'),
    outdatedLauncher: Object.hasOwn(labels, 'kubevirt.io/outdatedLauncherImage'),
    ...optional('reason', textAt(vmi, 'status', 'reason')),
    ...optional('migration', projectMigrationState(vmi)),
    ...optional('evacuatingFrom', nameAt(vmi, 'status', 'evacuationNodeName')),
    ...optional('evictionStrategy', textAt(vmi, 'spec', 'evictionStrategy')),
    ...optional('evictionSource', textAt(annotations, 'kubevirt.io/eviction-source')),
    ...optional('harvesterMigrationUid', textAt(annotations, 'harvesterhci.io/migrationUID')),
    ...optional('harvesterTarget', nameAt(annotations, 'harvesterhci.io/migrationTargetNodeName')),
    ...optional('maintainStrategy', textAt(labels, 'harvesterhci.io/maintain-mode-strategy')),
    ...optional('pinnedTo', nameAt(vmi, 'spec', 'nodeSelector', 'kubernetes.io/hostname')),
    ...optional('malformed', malformedOf(vmi)),
    ...projectVmiGuest(identity.value, vmi),
    ...optional('labels', projectLabels(labelKeys, labels)),
  });
}

/** Sorted, so that the order of the pods' uids does not matter. */
function projectPodHosts(vmi: unknown): readonly string[] {
  const pods = recordAt(vmi, 'status', 'activePods');
  return shortenList(
    Object.keys(pods)
      .map((uid) => nameAt(pods, uid) ?? '')
      .sort(),
  );
}

/** KubeVirt's webhook gives every VMI a status when it is created, and a guest runs on a host. */
function malformedOf(vmi: unknown): string | undefined {
  if (valueAt(vmi, 'status') === undefined) return 'it has no status';
  const isNowhere = textAt(vmi, 'status', 'phase') === 'Running' && nameAt(vmi, 'status', 'nodeName') === undefined;
  return findMalformed(vmi, FIELDS) ?? (isNowhere ? 'it runs, and status.nodeName is no name of a host' : undefined);
}
