/** SPEC H2: which hosts a guest needs, wherever it is shown; and whether there is one of which nobody can tell. */
import { expect, test } from 'vitest';
import { type Presence, presenceOf } from '../../../core/derive/presence.ts';
import type { MigrationStateFact, PodFact, VmiFact } from '../../../core/facts.ts';
import type { DerivedTransit } from '../../../core/model.ts';
import { migrationState, podFact, vmiFact } from '../../support/facts.ts';

const transit = (stage: DerivedTransit['stage'], to: string | null = null, more: Partial<DerivedTransit> = {}): DerivedTransit => ({
  id: 'm',
  stage,
  cause: 'user',
  from: 'host-1',
  to,
  ...more,
});
const carried = (changes: Partial<MigrationStateFact>) => ({ migration: migrationState({ targetNode: 'host-2', ...changes }) });
const unbound = podFact({ nodeName: null });
const nowhere: Partial<VmiFact> = { nodeName: null, podHosts: [] };
const unschedulable = { conditions: [{ type: 'PodScheduled', status: 'False' as const, reason: 'Unschedulable' }] };
const other = { sourceVmi: 'vmi-1', targetVmi: 'vmi-of-another-cluster' };

type Row = readonly [string, Partial<VmiFact> | null, DerivedTransit | undefined, PodFact | undefined, readonly string[], boolean];
const rows: readonly Row[] = [
  ['no guest', null, undefined, undefined, [], false],
  ['a guest that has ended', { phase: 'Succeeded' }, undefined, undefined, [], false],
  ['at rest', {}, undefined, undefined, ['host-1'], false],
  ['at rest, with a stale list of pods (kubevirt#12773)', { podHosts: ['host-1', 'host-3'] }, undefined, undefined, ['host-1'], false],
  ['no pod yet', { ...nowhere, phase: 'Pending' }, undefined, undefined, [], false],
  ['waits for its sender', { ...nowhere, phase: 'WaitingForSync' }, undefined, undefined, [], false],
  ['being placed', { ...nowhere, phase: 'Scheduling', podHosts: [''] }, undefined, undefined, [], true],
  [
    'its pod was bound, nodeName comes later',
    { ...nowhere, phase: 'Scheduling', podHosts: ['host-3'] },
    undefined,
    undefined,
    ['host-3'],
    false,
  ],
  ['no host takes it', { ...nowhere, phase: 'Scheduling', ...unschedulable }, undefined, undefined, [], false],
  ['a phase of the future, on no host', { ...nowhere, phase: 'Teleporting' }, undefined, undefined, [], true],
  ['malformed, on no host', { ...nowhere, phase: '', malformed: 'it has no status' }, undefined, undefined, [], true],
  ['malformed, on a host', { malformed: 'status.conditions is no list' }, undefined, undefined, ['host-1'], false],
  ['queued', {}, transit('queued'), undefined, ['host-1'], false],
  ['its target pod is being placed, and pods may not be read', {}, transit('scheduling'), undefined, ['host-1'], true],
  ['its target pod is known to be on no host', {}, transit('scheduling'), unbound, ['host-1'], false],
  ['its target is known from the pod', {}, transit('scheduling', 'host-2'), podFact(), ['host-1', 'host-2'], false],
  ['its target is in the list of pods', { podHosts: ['host-1', 'host-2'] }, transit('scheduling'), undefined, ['host-1', 'host-2'], false],
  ['to another cluster', {}, transit('transferring', null, { peer: { direction: 'out' } }), undefined, ['host-1'], false],
  ['handed off', carried({}), transit('preparing', 'host-2'), undefined, ['host-1', 'host-2'], false],
  ['handed off, its migration unheard of', carried({}), undefined, undefined, ['host-1', 'host-2'], false],
  ['failed', carried({ started: true, failed: true }), undefined, undefined, ['host-1'], false],
  [
    'completed before nodeName flips (≤ 1.5)',
    carried({ started: true, ended: true, completed: true }),
    undefined,
    undefined,
    ['host-1', 'host-2'],
    false,
  ],
  [
    'arrived',
    { nodeName: 'host-2', ...carried({ started: true, ended: true }) },
    transit('finishing', 'host-2'),
    undefined,
    ['host-2'],
    false,
  ],
  [
    'post-copy: its memory is still on the source',
    { nodeName: 'host-2', ...carried({ started: true, mode: 'PostCopy' }) },
    undefined,
    undefined,
    ['host-2', 'host-1'],
    false,
  ],
  [
    'to another cluster: a host of that name here has nothing to do with it',
    carried({ started: true, ...other }),
    undefined,
    undefined,
    ['host-1'],
    false,
  ],
  [
    'from another cluster, on no host yet',
    { ...nowhere, phase: 'Scheduling', ...carried({ sourceNode: 'host-9', sourceVmi: 'x', targetVmi: 'vmi-1' }) },
    transit('preparing', 'host-2', { from: null, peer: { direction: 'in' } }),
    undefined,
    ['host-2'],
    false,
  ],
];
test.each(rows)('%s', (_what, vmi, transitNow, pod, hosts, isUnplaced) => {
  const expected: Presence = { hosts, isUnplaced };
  expect(presenceOf(vmi === null ? undefined : vmiFact(vmi), transitNow, pod)).toEqual(expected);
});
