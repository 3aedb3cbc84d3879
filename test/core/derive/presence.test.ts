/** SPEC H2, H3: which hosts a guest needs, wherever it is shown; and whether there is one of which nobody can tell. */
import { expect, test } from 'vitest';
import { type PresenceFacts, presenceOf } from '../../../core/derive/presence.ts';
import type { MigrationStateFact, PodFact, VmiFact, VmimFact } from '../../../core/facts.ts';
import type { DerivedTransit } from '../../../core/model.ts';
import { migrationState, podFact, vmiFact, vmimFact } from '../../support/facts.ts';

const carried = (changes: Partial<MigrationStateFact>) => ({
  migration: migrationState({ migrationUid: 'vmim-1', targetNode: 'host-2', ...changes }),
});
const nowhere: Partial<VmiFact> = { nodeName: null, podHosts: [] };
const unschedulable = { conditions: [{ type: 'PodScheduled', status: 'False' as const, reason: 'Unschedulable' }] };
const toOther = { sourceVmi: 'vmi-1', targetVmi: 'vmi-of-another-cluster' };
const done = { started: true, ended: true, completed: true };
const transitTo = (to: string): DerivedTransit => ({ id: 'vmim-1', stage: 'scheduling', cause: 'user', from: 'host-1', to });

interface More {
  readonly vmims?: readonly Partial<VmimFact>[];
  readonly pods?: readonly Partial<PodFact>[];
  readonly transit?: DerivedTransit;
}
type Row = readonly [string, Partial<VmiFact> | null, More, readonly string[], boolean];
const rows: readonly Row[] = [
  ['no guest', null, {}, [], false],
  ['a guest that has ended', { phase: 'Succeeded' }, {}, [], false],
  ['at rest', {}, {}, ['host-1'], false],
  ['at rest, with a stale list of pods (kubevirt#12773)', { podHosts: ['host-1', 'host-3'] }, {}, ['host-1'], false],
  ['at rest, its former pods ended', {}, { pods: [{ nodeName: 'host-3', ended: true, migrationUid: 'old' }] }, ['host-1'], false],
  ['no pod yet', { ...nowhere, phase: 'Pending' }, {}, [], false],
  ['just got a pod', { ...nowhere, phase: 'Pending', podHosts: [''] }, {}, [], true],
  ['waits for its sender', { ...nowhere, phase: 'WaitingForSync' }, { vmims: [{ direction: 'in', phase: 'WaitingForSync' }] }, [], false],
  [
    'being received, its pod unheard of',
    { ...nowhere, phase: 'WaitingForSync' },
    { vmims: [{ direction: 'in', phase: 'Scheduling' }] },
    [],
    true,
  ],
  ['being placed', { ...nowhere, phase: 'Scheduling', podHosts: [''] }, {}, [], true],
  ['its pod was bound, nodeName comes later', { ...nowhere, phase: 'Scheduling', podHosts: ['host-3'] }, {}, ['host-3'], false],
  ['no host takes it', { ...nowhere, phase: 'Scheduling', ...unschedulable }, {}, [], false],
  ['a phase of the future, on no host', { ...nowhere, phase: 'Teleporting' }, {}, [], true],
  ['malformed, on no host', { ...nowhere, phase: '', malformed: 'it has no status' }, {}, [], true],
  ['malformed, on a host: what it hides may be a migration', { malformed: 'status.migrationState is no object' }, {}, ['host-1'], true],
  ['queued', {}, { vmims: [{}] }, ['host-1'], false],
  ['queued, and a pod without host is in the list', { podHosts: ['', 'host-1'] }, { vmims: [{}] }, ['host-1'], true],
  ['a migration of a phase of the future', {}, { vmims: [{ phase: 'TargetBinding' }] }, ['host-1'], true],
  ['a migration that makes no sense', {}, { vmims: [{ phase: '', malformed: 'status.phase is no text' }] }, ['host-1'], true],
  ['its target pod is being placed, and pods may not be read', {}, { vmims: [{ phase: 'Scheduling' }] }, ['host-1'], true],
  ['its target pod is known to be on no host', {}, { vmims: [{ phase: 'Scheduling' }], pods: [{}] }, ['host-1'], false],
  [
    'its target is known from the pod',
    {},
    { vmims: [{ phase: 'Scheduling' }], pods: [{ nodeName: 'host-2' }] },
    ['host-1', 'host-2'],
    false,
  ],
  [
    'two target pods of one migration',
    {},
    { vmims: [{ phase: 'Scheduling' }], pods: [{ name: 'a', nodeName: 'host-2' }, { nodeName: 'host-3' }] },
    ['host-1', 'host-2', 'host-3'],
    false,
  ],
  ['the pod is heard of before its migration', {}, { pods: [{ nodeName: 'host-2' }] }, ['host-1', 'host-2'], false],
  [
    'a list of pods that may be stale does not tell the target',
    { podHosts: ['host-1', 'host-2'] },
    { vmims: [{ phase: 'Scheduling' }] },
    ['host-1', 'host-2'],
    true,
  ],
  [
    'a second migration beside the one that is shown',
    carried({ started: true, targetReady: true }),
    {
      vmims: [{}, { uid: 'vmim-2', phase: 'Scheduling' }],
      pods: [{ migrationUid: 'vmim-2', nodeName: 'host-3' }],
      transit: transitTo('host-2'),
    },
    ['host-1', 'host-2', 'host-3'],
    false,
  ],
  ['to another cluster', {}, { vmims: [{ direction: 'out', phase: 'Running' }] }, ['host-1'], false],
  ['handed off', carried({}), { vmims: [{ phase: 'PreparingTarget' }] }, ['host-1', 'host-2'], false],
  ['handed off, its migration unheard of', carried({}), {}, ['host-1', 'host-2'], false],
  ['failed', carried({ started: true, failed: true }), { vmims: [{ phase: 'Failed' }] }, ['host-1'], false],
  [
    'failed after the guest was resumed on the target',
    carried({ started: true, failed: true, targetReady: true }),
    {},
    ['host-1', 'host-2'],
    false,
  ],
  ['completed before nodeName flips (≤ 1.5)', carried(done), {}, ['host-1', 'host-2'], false],
  ['arrived', { nodeName: 'host-2', ...carried(done) }, { vmims: [{ phase: 'Succeeded' }] }, ['host-2'], false],
  [
    'arrived, the pod on the source goes on for a moment',
    { nodeName: 'host-2', podHosts: ['host-1', 'host-2'], ...carried({ started: true }) },
    { vmims: [{ phase: 'Running' }], pods: [{ nodeName: 'host-1', migrationUid: 'old' }] },
    ['host-2'],
    false,
  ],
  ['succeeded, the VMI has not heard of it', {}, { vmims: [{ phase: 'Succeeded' }] }, ['host-1'], true],
  [
    'succeeded, the VMI has not heard of it, the copy tells the target',
    {},
    { vmims: [{ phase: 'Succeeded', ...carried(done) }] },
    ['host-1', 'host-2'],
    false,
  ],
  ['succeeded in an earlier run', { createdAt: 9_000 }, { vmims: [{ phase: 'Succeeded' }] }, ['host-1'], false],
  [
    'post-copy: its memory is still on the source',
    { nodeName: 'host-2', ...carried({ started: true, mode: 'PostCopy' }) },
    {},
    ['host-2', 'host-1'],
    false,
  ],
  ['to another cluster: a host of that name here has nothing to do with it', carried({ started: true, ...toOther }), {}, ['host-1'], false],
  [
    'from another cluster, on no host yet',
    { ...nowhere, phase: 'Scheduling', ...carried({ sourceNode: 'host-9', sourceVmi: 'x', targetVmi: 'vmi-1' }) },
    { vmims: [{ direction: 'in', phase: 'PreparingTarget' }] },
    ['host-2'],
    false,
  ],
];
test.each(rows)('%s', (_what, vmi, { vmims = [], pods = [], transit }, hosts, isUnplaced) => {
  const facts: PresenceFacts = {
    vmi: vmi === null ? undefined : vmiFact(vmi),
    vmims: vmims.map((changes, index) => vmimFact({ name: `m-${index}`, ...changes })),
    pods: pods.map((changes) => podFact(changes)),
    transit,
  };
  expect(presenceOf(facts)).toEqual({ hosts, isUnplaced });
});
