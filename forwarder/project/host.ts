/** Kubernetes Node → HostFact. */
import type { Condition, HostFact } from '../../core/facts.ts';
import { ok, type Result } from '../../core/result.ts';
import { shortenText } from '../../core/text.ts';
import { projectConditions } from './conditions.ts';
import { isTrueAt, type JsonRecord, listAt, optional, shortenList, textAt, valueAt } from './json.ts';
import { projectIdentity } from './metadata.ts';
import { parseQuantity } from './quantity.ts';

const ROLE_LABEL_PREFIX = 'node-role.kubernetes.io/';
const WITNESS_LABEL = 'node-role.harvesterhci.io/witness';
/** KubeVirt's default `nodeDrainTaintKey`. */
const DRAIN_TAINT = 'kubevirt.io/drain';

export function projectHost(node: unknown): Result<HostFact> {
  const identity = projectIdentity(node);
  if (!identity.ok) return identity;
  const { name, labels, annotations } = identity.value;
  const maintainStatus = annotations['harvesterhci.io/maintain-status'];
  return ok({
    name,
    ready: projectConditions(node).find((condition) => condition.type === 'Ready') ?? UNREPORTED,
    cordoned: isTrueAt(node, 'spec', 'unschedulable'),
    drainRequested: annotations['harvesterhci.io/drain-requested'] === 'true',
    drainTaint: listAt(node, 'spec', 'taints').some((taint) => textAt(taint, 'key') === DRAIN_TAINT),
    roles: projectRoles(labels),
    ...optional('displayName', textAt(annotations, 'harvesterhci.io/host-custom-name')),
    ...(maintainStatus === 'running' || maintainStatus === 'completed' ? { maintainStatus } : {}),
    ...optional('zone', textAt(labels, 'topology.kubernetes.io/zone')),
    ...optional('cpu', parseQuantity(valueAt(node, 'status', 'allocatable', 'cpu'))),
    ...optional('memory', parseQuantity(valueAt(node, 'status', 'allocatable', 'memory'))),
  });
}

const UNREPORTED: Condition = { type: 'Ready', status: 'Unknown' };

/** What `node-role.kubernetes.io/` calls by two names: Kubernetes ≤ 1.19 said master, RKE2 labels both. */
const ROLE_NAMES: Readonly<Record<string, string>> = { master: 'control-plane' };

/** Sorted, so that a change of the labels' order is no change of the host. */
function projectRoles(labels: JsonRecord): readonly string[] {
  const roles = new Set<string>();
  for (const label of Object.keys(labels)) {
    if (!label.startsWith(ROLE_LABEL_PREFIX) || label.length === ROLE_LABEL_PREFIX.length) continue;
    const role = label.slice(ROLE_LABEL_PREFIX.length);
    roles.add(shortenText(Object.hasOwn(ROLE_NAMES, role) ? (ROLE_NAMES[role] ?? role) : role));
  }
  if (labels[WITNESS_LABEL] === 'true') roles.add('witness');
  return shortenList([...roles].sort());
}
