/**
 * A live migration as the list of object updates that KubeVirt and Harvester write, in order: the rows of migration-timeline.ts.
 * Pure, and the only place that knows the order; the cluster plays these lists, tests replay them against a real API server.
 *
 *   Created → Pending → Scheduling → Scheduled → HandedOver → PreparingTarget → TargetReady → Running
 *      ge-1.6:  → Switched (nodeName) → Completed → Succeeded
 *      le-1.5:  → SourceEnded (completed, nodeName still the source) → Switched (nodeName) → Succeeded
 *      failed:  before HandedOver only the VMIM knows (kubevirt#5503); after it VMI and VMIM both
 *      aborted: the VMIM is deleted, becomes Failed, and disappears
 */
import {
  annotateVmi,
  changeState,
  EVACUATION_ANNOTATION,
  HARVESTER_STATE,
  HARVESTER_TARGET,
  HARVESTER_UID,
  labelVmi,
  MIGRATION_CONFIGURATION,
  MIGRATION_FINALIZER,
  moveInstance,
  setPhase,
  setPods,
  setPrintable,
  TARGET_NODE_LABEL,
  touchVm,
  VMI_NAME_LABEL,
  WORKLOAD_UPDATE_ANNOTATION,
} from './migration-changes.ts';
import { abortSteps, earlyFailureSteps, endSteps, lateFailureSteps } from './migration-endings.ts';
import { MIGRATION_ROWS, type MigrationInput, type MigrationStep, type MigrationStepName } from './migration-timeline.ts';
import { createWriters } from './migration-writers.ts';
import {
  formatTime,
  type MigrationSide,
  type MigrationState,
  type VirtualMachineInstance as Vmi,
  type VirtualMachineInstanceMigration as Vmim,
} from './objects.ts';
import type { StepContext } from './steps.ts';

const MIGRATION_PORTS = { '40349': 49152, '42229': 0, '46487': 49153 } as const;

/** The VMIM as its creator sends it: no status yet. */
export function createVmim(input: MigrationInput, nowMs: number): Vmim {
  const annotations: Record<string, string> = { ...input.annotations };
  if (input.cause === 'evacuation' || input.cause === 'descheduler') annotations[EVACUATION_ANNOTATION] = input.source;
  if (input.cause === 'workload-update') annotations[WORKLOAD_UPDATE_ANNOTATION] = '';
  const selector = input.requested !== undefined && input.generation === 'ge-1.6';
  return {
    apiVersion: 'kubevirt.io/v1',
    kind: 'VirtualMachineInstanceMigration',
    metadata: {
      name: input.vmimName,
      namespace: input.namespace,
      uid: input.vmimUid,
      resourceVersion: '',
      generation: 1,
      creationTimestamp: formatTime(nowMs),
      ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
      finalizers: [MIGRATION_FINALIZER],
      labels: { ...input.labels, [VMI_NAME_LABEL]: input.vmName },
    },
    spec: { vmiName: input.vmName, ...(selector ? { addedNodeSelector: { 'kubernetes.io/hostname': input.requested ?? '' } } : {}) },
  };
}

function handOver(vmi: Vmi, vmim: Vmim | undefined, input: MigrationInput): Vmi {
  if (vmim === undefined) return vmi;
  const uid = vmim.metadata.uid;
  const side = (node: string, pod: string): MigrationSide => ({
    domainName: `${input.namespace}_${input.vmName}`,
    domainNamespace: input.namespace,
    migrationUID: uid,
    node,
    pod,
    virtualMachineInstanceUID: vmi.metadata.uid,
  });
  const newer: MigrationState =
    input.generation === 'le-1.5'
      ? {}
      : {
          migrationNetworkType: 'pod',
          sourceState: side(input.source, input.sourcePod),
          targetState: side(input.target, input.targetPod),
        };
  const migrationState: MigrationState = {
    migrationConfiguration: MIGRATION_CONFIGURATION,
    migrationUid: uid,
    sourceNode: input.source,
    sourcePod: input.sourcePod,
    targetNode: input.target,
    targetPod: input.targetPod,
    ...newer,
  };
  // Replaced as a whole: until here it is the previous migration's.
  return { ...labelVmi(vmi, TARGET_NODE_LABEL, input.target), status: { ...vmi.status, migrationState } };
}

/** Sets a field of the target's side, in the flat form and (≥ 1.6) in targetState. */
const withTarget = (state: MigrationState, flat: MigrationState, side: MigrationSide): MigrationState => ({
  ...state,
  ...flat,
  ...(state.targetState === undefined ? {} : { targetState: { ...state.targetState, ...side } }),
});

function createStep(input: MigrationInput): MigrationStep {
  return {
    name: 'Created',
    row: MIGRATION_ROWS.Created,
    resource: 'virtualmachineinstancemigrations',
    namespace: input.namespace,
    objectName: input.vmimName,
    verb: 'create',
    apply: (_current: unknown, context: StepContext) => createVmim(input, context.nowMs),
  };
}

/** The whole way of a migration that succeeds. */
function successSteps(input: MigrationInput): readonly MigrationStep[] {
  const { vmi, state, vmim, vm } = createWriters(input);
  const older = input.generation === 'le-1.5';
  const ended = (name: MigrationStepName, completed: boolean) =>
    state(name, (current, time) => ({ ...current, endTimestamp: time, ...(completed ? { completed } : {}) }));
  const requested =
    input.requested === undefined || input.cause !== 'harvester'
      ? []
      : [
          vmi('TargetRequested', (current) => {
            const marked = annotateVmi(current, { [HARVESTER_TARGET]: input.requested });
            // Harvester before 1.7 pins the VMI itself; KubeVirt ≥ 1.6 has addedNodeSelector on the VMIM for it.
            return older
              ? { ...marked, spec: { ...marked.spec, nodeSelector: { 'kubernetes.io/hostname': input.requested ?? '' } } }
              : marked;
          }),
        ];
  const switching = older
    ? [
        ended('SourceEnded', true),
        vm('VmRunning', 'update-status', (current) => setPrintable(current, 'Migrating', 'Running')),
        vmi('Switched', (current) => moveInstance(current, input.target)),
      ]
    : [
        vmi('Switched', (current, { vmim: migration, nowMs }) =>
          changeState(moveInstance(current, input.target), migration, (now) => ({ ...now, endTimestamp: formatTime(nowMs) })),
        ),
        vm('VmRunning', 'update-status', (current) => setPrintable(current, 'Migrating', 'Running')),
        state('Completed', (current) => ({ ...current, completed: true })),
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
    vmi('TargetPodCreated', (current) =>
      setPods(current, (pods) => {
        pods[input.targetPodUid] = '';
      }),
    ),
    vmim('Scheduling', (current, { nowMs }) => setPhase(current, 'Scheduling', nowMs)),
    vmi('HarvesterMigrating', (current) => annotateVmi(current, { [HARVESTER_STATE]: 'Migrating' })),
    vm('VmTouchedMigrating', 'update', touchVm),
    vmi('TargetPodScheduled', (current) =>
      setPods(current, (pods) => {
        pods[input.targetPodUid] = input.target;
      }),
    ),
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
      return [...upTo(success, 'TargetDomainDetected'), ...lateFailureSteps(input)];
    case 'failed-before-handoff':
      return [...upTo(success, 'Scheduled'), ...earlyFailureSteps(input)];
    case 'unschedulable':
      return [...upTo(success, 'VmTouchedMigrating'), ...earlyFailureSteps(input)];
    case 'aborted':
      return abortAfter('VmMigrating');
    case 'aborted-before-handoff':
      return abortAfter('TargetPodScheduled');
  }
}
