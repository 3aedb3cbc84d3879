/** `status.migrationState` of a VMI or a finished VMIM (domain: KubeVirt types.go, VirtualMachineInstanceMigrationState). */
import type { MigrationStateFact } from '../../core/facts.ts';
import { isRecord, isTrueAt, nameAt, optional, textAt, uidAt, valueAt } from './json.ts';

export function projectMigrationState(object: unknown): MigrationStateFact | undefined {
  const state = valueAt(object, 'status', 'migrationState');
  if (!isRecord(state)) return undefined;
  return {
    // Lower-case d here, upper-case D inside sourceState and targetState (KubeVirt ≥ 1.6), where it may be the peer's.
    migrationUid: uidAt(state, 'migrationUid') ?? null,
    sourceNode: nameAt(state, 'sourceNode') ?? nameAt(state, 'sourceState', 'node') ?? null,
    targetNode: nameAt(state, 'targetNode') ?? nameAt(state, 'targetState', 'node') ?? null,
    started: textAt(state, 'startTimestamp') !== undefined,
    targetReady: textAt(state, 'targetNodeDomainReadyTimestamp') !== undefined,
    ended: textAt(state, 'endTimestamp') !== undefined,
    completed: isTrueAt(state, 'completed'),
    failed: isTrueAt(state, 'failed'),
    abortRequested: isTrueAt(state, 'abortRequested'),
    ...optional('abortStatus', textAt(state, 'abortStatus')),
    ...optional('failureReason', textAt(state, 'failureReason')),
    ...optional('mode', textAt(state, 'mode')),
    ...optional('sourceVmi', uidAt(state, 'sourceState', 'virtualMachineInstanceUID')),
    ...optional('targetVmi', uidAt(state, 'targetState', 'virtualMachineInstanceUID')),
  };
}
