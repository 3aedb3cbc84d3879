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
/** Conditions that are bad news when they are True; OutOfDisk is of Kubernetes before 1.13, but Rancher still looks for it. */
const PRESSURES = ['MemoryPressure', 'DiskPressure', 'PIDPressure', 'NetworkUnavailable', 'OutOfDisk'];

export function projectHost(node: unknown): Result<HostFact> {
  const identity = projectIdentity(node);
  if (!identity.ok) return identity;
  const { name, labels, annotations } = identity.value;
  const maintainStatus = annotations['harvesterhci.io/maintain-status'];
  const conditions = projectConditions(node, ['Ready', 'Drained', ...PRESSURES]);
  const drained = conditions.find(({ type }) => type === 'Drained');
  return ok({
    name,
    ready: conditions.find(({ type }) => type === 'Ready') ?? UNREPORTED,
    pressures: conditions.filter(({ type, status }) => PRESSURES.includes(type) && status === 'True'),
    cordoned: isTrueAt(node, 'spec', 'unschedulable'),
    drainRequested: annotations['harvesterhci.io/drain-requested'] === 'true',
    taints: projectTaints(node),
    handlerSilent: labels['kubevirt.io/schedulable'] === 'false',
    roles: projectRoles(labels),
    ...optional('votes', votesOf(labels)),
    ...(drained === undefined || drained.status === 'Unknown' ? {} : { drained: drained.status === 'True' }),
    ...optional('etcdAddressConflict', etcdConflictOf(annotations)),
    ...optional('displayName', textAt(annotations, 'harvesterhci.io/host-custom-name')),
    ...(maintainStatus === 'running' || maintainStatus === 'completed' ? { maintainStatus } : {}),
    ...optional('zone', textAt(labels, 'topology.kubernetes.io/zone')),
    ...optional('cpu', parseQuantity(valueAt(node, 'status', 'allocatable', 'cpu'))),
    ...optional('memory', parseQuantity(valueAt(node, 'status', 'allocatable', 'memory'))),
  });
}

const UNREPORTED: Condition = { type: 'Ready', status: 'Unknown' };

/** Keys of the taints that keep VMs away or send them away, sorted. */
function projectTaints(node: unknown): readonly string[] {
  const keys = new Set<string>();
  for (const taint of listAt(node, 'spec', 'taints')) {
    const effect = textAt(taint, 'effect');
    const key = textAt(taint, 'key');
    if (key !== undefined && (effect === 'NoSchedule' || effect === 'NoExecute')) keys.add(key);
  }
  return shortenList([...keys].sort());
}

function etcdConflictOf(annotations: JsonRecord): string | undefined {
  const etcd = textAt(annotations, 'etcd.rke2.cattle.io/node-address');
  const own = textAt(annotations, 'rke2.io/internal-ip');
  return etcd === undefined || own === undefined || etcd === own
    ? undefined
    : 'etcd.rke2.cattle.io/node-address differs from rke2.io/internal-ip';
}

/** What `node-role.kubernetes.io/` calls by two names: Kubernetes ≤ 1.19 said master, RKE2 labels both. */
const ROLE_NAMES: Readonly<Record<string, string>> = { master: 'control-plane' };

function votesOf(labels: JsonRecord): HostFact['votes'] {
  const has = (role: string): boolean => Object.hasOwn(labels, ROLE_LABEL_PREFIX + role);
  if (has('etcd') || labels[WITNESS_LABEL] === 'true') return 'etcd';
  return has('control-plane') || has('master') ? 'control-plane' : undefined;
}

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
