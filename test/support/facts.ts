/** Facts for tests: a plain object with the given fields changed. */
import type { HostFact, MigrationStateFact, VmFact, VmiFact, VmimFact } from '../../core/facts.ts';

export const hostFact = (changes: Partial<HostFact> = {}): HostFact => ({
  name: 'host-1',
  ready: { type: 'Ready', status: 'True' },
  cordoned: false,
  drainRequested: false,
  drainTaint: false,
  roles: ['worker'],
  ...changes,
});

export const vmFact = (changes: Partial<VmFact> = {}): VmFact => ({
  namespace: 'default',
  name: 'ubuntu',
  uid: 'vm-1',
  deleting: false,
  wantsRunning: true,
  printableStatus: 'Running',
  conditions: [],
  ...changes,
});

export const vmiFact = (changes: Partial<VmiFact> = {}): VmiFact => ({
  namespace: 'default',
  name: 'ubuntu',
  uid: 'vmi-1',
  createdAt: 1_000,
  deleting: false,
  phase: 'Running',
  nodeName: 'host-1',
  conditions: [
    { type: 'Ready', status: 'True' },
    { type: 'LiveMigratable', status: 'True' },
  ],
  volumesChange: false,
  ...changes,
});

export const vmimFact = (changes: Partial<VmimFact> = {}): VmimFact => ({
  namespace: 'default',
  name: 'ubuntu-abcde',
  uid: 'vmim-1',
  vmiName: 'ubuntu',
  phase: 'Pending',
  deleting: false,
  createdAt: 2_000,
  abortRequested: false,
  conditions: [],
  workloadUpdate: false,
  crossCluster: false,
  ...changes,
});

export const migrationState = (changes: Partial<MigrationStateFact> = {}): MigrationStateFact => ({
  migrationUid: 'vmim-1',
  sourceNode: 'host-1',
  targetNode: 'host-2',
  started: false,
  targetReady: false,
  ended: false,
  completed: false,
  failed: false,
  abortRequested: false,
  ...changes,
});
