/** VirtualMachine → VmFact. */
import type { Condition, VmFact } from '../../core/facts.ts';
import { ok, type Result } from '../../core/result.ts';
import { pickConditions, projectConditions } from './conditions.ts';
import { projectVmGuest } from './guest.ts';
import { listAt, nameAt, optional, recordAt, textAt, valueAt } from './json.ts';
import { projectLabels } from './labels.ts';
import { findMalformed } from './malformed.ts';
import { projectNamespacedIdentity } from './metadata.ts';

const CONDITIONS = ['Failure', 'ManualRecoveryRequired'];
const isUnschedulable = ({ type, reason }: Condition): boolean => reason === 'Unschedulable' && !CONDITIONS.includes(type);
const FIELDS = [
  ['object', 'spec'],
  ['object', 'status'],
  ['text', 'status', 'printableStatus'],
  ['list', 'status', 'conditions'],
] as const;

/**
 * `labelKeys`: of its own labels and of its template's, which Harvester calls instance labels; they were all that its page could set
 * before 1.5 (harvester/harvester#5974).
 */
export function projectVm(vm: unknown, labelKeys: readonly string[]): Result<VmFact> {
  const identity = projectNamespacedIdentity(vm);
  if (!identity.ok) return identity;
  const { namespace, name, uid, deleting, labels, annotations } = identity.value;
  const cloning = annotations['harvesterhci.io/clone-backend-storage-status'];
  return ok({
    namespace,
    name,
    uid,
    deleting,
    wantsRunning: projectWantsRunning(vm),
    conditions: [...projectConditions(vm, CONDITIONS), ...pickConditions(vm, isUnschedulable).slice(0, 1)],
    ...optional('printableStatus', textAt(vm, 'status', 'printableStatus')),
    ...optional('restore', nameAt(annotations, 'restore.harvesterhci.io/name')),
    ...(cloning === 'cloning' || cloning === 'failed' ? { cloning } : {}),
    ...optional('quotaMessage', textAt(annotations, 'harvesterhci.io/insufficient-resource-quota')),
    ...optional('malformed', findMalformed(vm, FIELDS)),
    ...projectVmGuest(identity.value, vm),
    ...optional('labels', projectLabels(labelKeys, labels, recordAt(vm, 'spec', 'template', 'metadata', 'labels'))),
  });
}

/**
 * `spec.running` (deprecated) or `spec.runStrategy`; for the strategies that leave it to people (Manual, RerunOnFailure, Once),
 * the request they made. A restart is a Stop followed by a Start. Null where nothing says it.
 */
function projectWantsRunning(vm: unknown): boolean | null {
  const running = valueAt(vm, 'spec', 'running');
  if (typeof running === 'boolean') return running;
  const strategy = textAt(vm, 'spec', 'runStrategy');
  if (strategy === 'Always') return true;
  if (strategy === 'Halted') return false;
  const requested = listAt(vm, 'status', 'stateChangeRequests').map((request) => textAt(request, 'action'));
  if (requested.includes('Start')) return true;
  return requested.includes('Stop') ? false : null;
}
