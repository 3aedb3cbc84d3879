/** The virt-launcher pod of a migration's target → PodFact. The resource's label selector lets no other through. */
import type { PodFact } from '../../core/facts.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { formatExplanation } from '../../core/text.ts';
import { projectConditions } from './conditions.ts';
import { nameAt, optional, textAt, uidAt } from './json.ts';
import { projectNamespacedIdentity } from './metadata.ts';

export function projectPod(pod: unknown): Result<PodFact> {
  const identity = projectNamespacedIdentity(pod);
  if (!identity.ok) return identity;
  const { namespace, name, labels } = identity.value;
  const migrationUid = uidAt(labels, 'kubevirt.io/migrationJobUID');
  if (migrationUid === undefined) return err('its label kubevirt.io/migrationJobUID is no uid');
  const [scheduled] = projectConditions(pod, ['PodScheduled']);
  const isUnschedulable = scheduled?.status === 'False' && scheduled.reason === 'Unschedulable';
  return ok({
    namespace,
    name,
    migrationUid,
    nodeName: nameAt(pod, 'spec', 'nodeName') ?? null,
    ended: ['Succeeded', 'Failed'].includes(textAt(pod, 'status', 'phase') ?? ''),
    ...optional('vmiUid', uidAt(labels, 'kubevirt.io/created-by')),
    ...optional('unschedulable', isUnschedulable ? formatExplanation(scheduled) : undefined),
  });
}
