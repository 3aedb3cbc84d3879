/** Facts for tests: a plain object with the given fields changed. */
import type { EndContext } from '../../core/derive/ending.ts';
import type { HostFact, MigrationStateFact, PodFact, VmFact, VmiFact, VmimFact } from '../../core/facts.ts';

export const hostFact = (changes: Partial<HostFact> = {}): HostFact => ({
  name: 'host-1',
  ready: { type: 'Ready', status: 'True' },
  pressures: [],
  cordoned: false,
  drainRequested: false,
  taints: [],
  handlerSilent: false,
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
  podHosts: ['host-1'],
  volumesChange: false,
  outdatedLauncher: false,
  ...changes,
});

export const vmimFact = (changes: Partial<VmimFact> = {}): VmimFact => ({
  namespace: 'default',
  name: 'ubuntu-abcde',
  uid: 'vmim-1',
  vmiName: 'ubuntu',
  phase: 'Pending',
  phases: [],
  deleting: false,
  createdAt: 2_000,
  overAt: null,
  abortRequested: false,
  conditions: [],
  workloadUpdate: false,
  volumeUpdate: false,
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

export const podFact = (changes: Partial<PodFact> = {}): PodFact => ({
  namespace: 'default',
  name: 'virt-launcher-ubuntu-target',
  migrationUid: 'vmim-1',
  vmiUid: 'vmi-1',
  ended: false,
  nodeName: null,
  ...changes,
});

/** A cluster of which nothing else is known. */
export const NO_CONTEXT: EndContext = { hostOf: () => undefined, podOf: () => undefined, upgrades: [] };
