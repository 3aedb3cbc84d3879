/**
 * A live migration as the list of object updates that KubeVirt and Harvester write, in order: the rows of migration-timeline.ts.
 * Pure, and the only place that knows the order; the cluster plays these lists, tests replay them against a real API server.
 *
 *   Created → Pending → Scheduling → Scheduled → HandedOver → PreparingTarget → TargetReady → Running
 *      ≥ 1.6:   → Switched (nodeName) → Completed → Succeeded
 *      ≤ 1.5:   → SourceEnded (completed, nodeName still the source) → Switched (nodeName) → Succeeded
 *      failed:  before HandedOver only the VMIM knows (kubevirt#5503); after it VMI and VMIM both
 *      aborted: the VMIM is deleted, becomes Failed, and disappears
 */
import {
  annotateVmi,
  changeState,
  HARVESTER_STATE,
  HARVESTER_TARGET,
  HARVESTER_UID,
  labelVmi,
  moveInstance,
  setPhase,
  setPods,
  setPrintable,
  TARGET_NODE_LABEL,
  touchVm,
} from './migration-changes.ts';
import {
  abortSteps,
  earlyFailureSteps,
  endSteps,
  lateFailureSteps,
  lostSteps,
  targetPodDownSteps,
  unschedulableSteps,
} from './migration-endings.ts';
import { createTargetPod, createVmim, handOver, isPinned, withTarget } from './migration-objects.ts';
import { MIGRATION_ROWS, type MigrationInput, type MigrationStep, type MigrationStepName } from './migration-timeline.ts';
import { createWriters } from './migration-writers.ts';
import { formatTime, omit, type VirtualMachineInstance as Vmi } from './objects.ts';
import { placePod, runPod } from './pod-objects.ts';
import { traitsOf } from './traits.ts';

const MIGRATION_PORTS = { '40349': 49152, '42229': 0, '46487': 49153 } as const;

/** Volumes that were copied are those of the VMI from now on. */
const clearVolumes = (vmi: Vmi): Vmi =>
  vmi.status.migratedVolumes === undefined ? vmi : { ...vmi, status: omit(vmi.status, 'migratedVolumes') };

const createStep = (input: MigrationInput): MigrationStep => ({
  name: 'Created',
  row: MIGRATION_ROWS.Created,
  resource: 'virtualmachineinstancemigrations',
  namespace: input.namespace,
  objectName: input.vmimName,
  verb: 'create',
  apply: (_current, { nowMs }) => createVmim(input, nowMs),
});

const createPodStep = (input: MigrationInput): MigrationStep => ({
  name: 'PodCreated',
  row: MIGRATION_ROWS.PodCreated,
  resource: 'pods',
  namespace: input.namespace,
  objectName: input.targetPod,
  verb: 'create',
  apply: (_current, context) => createTargetPod(input, context),
});

/** The whole way of a migration that succeeds. */
function successSteps(input: MigrationInput): readonly MigrationStep[] {
  const { vmi, state, vmim, vm, pod } = createWriters(input);
  const traits = traitsOf(input.kubevirt);
  const ended = (name: MigrationStepName, completed: boolean) =>
    state(name, (current, time) => ({ ...current, endTimestamp: time, ...(completed ? { completed } : {}) }));
  const requested =
    input.requested === undefined || input.cause !== 'harvester'
      ? []
      : [
          vmi('TargetRequested', (current) => {
            const marked = annotateVmi(current, { [HARVESTER_TARGET]: input.requested });
            // Harvester before 1.7 pins the VMI itself; KubeVirt ≥ 1.6 has addedNodeSelector on the VMIM for it.
            return isPinned(input) && !traits.hasAddedNodeSelector
              ? { ...marked, spec: { ...marked.spec, nodeSelector: { 'kubernetes.io/hostname': input.requested ?? '' } } }
              : marked;
          }),
        ];
  const switching = traits.endsBeforeSwitch
    ? [
        ended('SourceEnded', true),
        vm('VmRunning', 'update-status', (current) => setPrintable(current, 'Migrating', 'Running')),
        vmi('Switched', (current) => moveInstance(clearVolumes(current), input.target)),
      ]
    : [
        vmi('Switched', (current, { vmim: migration, nowMs }) =>
          changeState(moveInstance(current, input.target), migration?.metadata.uid ?? input.vmimUid, (now) => ({
            ...now,
            endTimestamp: formatTime(nowMs),
          })),
        ),
        vm('VmRunning', 'update-status', (current) => setPrintable(current, 'Migrating', 'Running')),
        vmi('Completed', (current, { vmim: migration }) =>
          changeState(clearVolumes(current), migration?.metadata.uid ?? input.vmimUid, (now) => ({ ...now, completed: true })),
        ),
      ];
  return [
    ...requested,
    createStep(input),
    vmi('HarvesterPending', (current, { vmim: migration }) =>
      annotateVmi(current, { [HARVESTER_UID]: migration?.metadata.uid, [HARVESTER_STATE]: 'Pending migration' }),
    ),
    vm('VmTouchedPending', 'update', touchVm),
    vmim('Pending', (current, { nowMs }) => {
      const next = setPhase(current, 'Pending', nowMs);
      return { ...next, status: { ...next.status, migrationState: { sourcePod: input.sourcePod } } };
    }),
    createPodStep(input),
    vmi('TargetPodCreated', (current) =>
      setPods(current, (pods) => {
        pods[input.targetPodUid] = '';
      }),
    ),
    vmim('Scheduling', (current, { nowMs }) => setPhase(current, 'Scheduling', nowMs)),
    vmi('HarvesterMigrating', (current) => annotateVmi(current, { [HARVESTER_STATE]: 'Migrating' })),
    vm('VmTouchedMigrating', 'update', touchVm),
    pod('PodPlaced', (current, nowMs) => placePod(current, input.target, nowMs)),
    vmi('TargetPodScheduled', (current) =>
      setPods(current, (pods) => {
        pods[input.targetPodUid] = input.target;
      }),
    ),
    pod('PodReady', runPod),
    vmim('Scheduled', (current, { nowMs }) => setPhase(current, 'Scheduled', nowMs)),
    vmi('HandedOver', (current, { vmim: migration }) => handOver(current, migration, input)),
    vmim('PreparingTarget', (current, { nowMs }) => setPhase(current, 'PreparingTarget', nowMs)),
    state('TargetAddressKnown', (current) =>
      withTarget(
        current,
        { targetNodeAddress: input.targetAddress, targetDirectMigrationNodePorts: MIGRATION_PORTS },
        { nodeAddress: input.targetAddress, directMigrationNodePorts: MIGRATION_PORTS },
      ),
    ),
    vmim('TargetReady', (current, { nowMs }) => setPhase(current, 'TargetReady', nowMs)),
    state('Started', (current, time) => ({ ...current, startTimestamp: time, mode: 'PreCopy' })),
    vmim('Running', (current, { nowMs }) => setPhase(current, 'Running', nowMs)),
    vm('VmMigrating', 'update-status', (current) => setPrintable(current, 'Running', 'Migrating')),
    state('TargetDomainDetected', (current) => withTarget(current, { targetNodeDomainDetected: true }, { domainDetected: true })),
    state('TargetDomainReady', (current, time) =>
      withTarget(current, { targetNodeDomainReadyTimestamp: time }, { domainReadyTimestamp: time }),
    ),
    ...switching,
    vmi('TargetLabelRemoved', (current) => labelVmi(current, TARGET_NODE_LABEL, undefined)),
    vmim('Succeeded', (current, { nowMs }) => setPhase(current, 'Succeeded', nowMs)),
    ...endSteps(input, true),
  ];
}

function upTo(steps: readonly MigrationStep[], last: MigrationStepName): readonly MigrationStep[] {
  const index = steps.findIndex(({ name }) => name === last);
  if (index < 0) throw new Error(`${last} is not a step of this migration; its steps are ${steps.map(({ name }) => name).join(', ')}`);
  return steps.slice(0, index + 1);
}

/** The ordered object updates of one migration. */
export function migrationSteps(input: MigrationInput): readonly MigrationStep[] {
  const success = successSteps(input);
  const abortAfter = (fallback: MigrationStepName): readonly MigrationStep[] => {
    const after = input.abortAfter ?? fallback;
    const made = upTo(success, after);
    return [...made, ...abortSteps(input, after, success.slice(made.length))];
  };
  switch (input.outcome) {
    case 'succeeded':
      return success;
    case 'failed':
      return [...upTo(success, input.failAfter ?? 'TargetDomainDetected'), ...lateFailureSteps(input)];
    case 'failed-before-handoff':
      return [...upTo(success, 'Scheduled'), ...earlyFailureSteps(input)];
    case 'unschedulable':
      return [...upTo(success, 'VmTouchedMigrating'), ...unschedulableSteps(input)];
    case 'target-pod-down':
      return [...upTo(success, 'TargetReady'), ...targetPodDownSteps(input)];
    case 'lost':
      return [...upTo(success, 'TargetDomainReady'), ...lostSteps(input)];
    case 'aborted':
    case 'abort-lost':
      return abortAfter('VmMigrating');
    case 'aborted-before-handoff':
      return abortAfter('TargetPodScheduled');
  }
}
