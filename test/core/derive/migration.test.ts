import { describe, expect, test } from 'vitest';
import { deriveMigrations as derive } from '../../../core/derive/migration.ts';
import type { MigrationStateFact, PodFact, VmiFact, VmimFact } from '../../../core/facts.ts';
import { lanesOf } from '../../../core/lanes.ts';
import { migrationState, NO_CONTEXT, podFact, vmiFact, vmimFact } from '../../support/facts.ts';

const deriveMigrations = (vmi: VmiFact | undefined, vmims: readonly VmimFact[]) => derive(vmi, vmims, NO_CONTEXT);

const previous = migrationState({
  migrationUid: 'vmim-0',
  sourceNode: 'host-3',
  targetNode: 'host-1',
  started: true,
  ended: true,
  completed: true,
});

/** `stage from>to | where it is drawn | finished`, as a person would read it off the page. */
function read(vmi: VmiFact | undefined, vmims: readonly VmimFact[]): string {
  const { transit, finished } = deriveMigrations(vmi, vmims);
  const { settled, leaving, arriving } = lanesOf({ host: vmi?.nodeName ?? null, transit });
  const lane = settled !== null ? `in ${settled}` : leaving === null ? 'nowhere' : `${leaving} to ${arriving ?? '?'}`;
  const move = transit === undefined ? '-' : `${transit.stage} ${transit.from}>${transit.to ?? '?'}`;
  return `${move} | ${lane} | ${finished.map(({ id, outcome }) => `${id} ${outcome}`).join(', ') || '-'}`;
}

type Row = readonly [step: string, vmi: Partial<VmiFact>, vmim: Partial<VmimFact> | null, expected: string];

/** domain.md 3.6, KubeVirt ≥ 1.6: nodeName flips with endTimestamp, before `completed`. Until the hand-off the VMI carries the previous move's state (T2). */
const SINCE_1_6: readonly Row[] = [
  ['1 VMIM added', { migration: previous }, { phase: '' }, 'queued host-1>? | in host-1 | vmim-0 succeeded'],
  ['2 Pending', { migration: previous }, { phase: 'Pending' }, 'queued host-1>? | in host-1 | vmim-0 succeeded'],
  ['4 Scheduling', { migration: previous }, { phase: 'Scheduling' }, 'scheduling host-1>? | host-1 to ? | vmim-0 succeeded'],
  ['4 Scheduled', { migration: previous }, { phase: 'Scheduled' }, 'scheduling host-1>? | host-1 to ? | vmim-0 succeeded'],
  ['5 hand-off', { migration: migrationState() }, { phase: 'Scheduled' }, 'preparing host-1>host-2 | host-1 to host-2 | -'],
  ['6 PreparingTarget', { migration: migrationState() }, { phase: 'PreparingTarget' }, 'preparing host-1>host-2 | host-1 to host-2 | -'],
  ['7 TargetReady', { migration: migrationState() }, { phase: 'TargetReady' }, 'preparing host-1>host-2 | host-1 to host-2 | -'],
  [
    '8 started',
    { migration: migrationState({ started: true }) },
    { phase: 'TargetReady' },
    'transferring host-1>host-2 | host-1 to host-2 | -',
  ],
  [
    '8 Running',
    { migration: migrationState({ started: true }) },
    { phase: 'Running' },
    'transferring host-1>host-2 | host-1 to host-2 | -',
  ],
  [
    '9 target ready',
    { migration: migrationState({ started: true, targetReady: true }) },
    { phase: 'Running' },
    'switching host-1>host-2 | host-1 to host-2 | -',
  ],
  [
    '10 nodeName flips with endTimestamp',
    { nodeName: 'host-2', migration: migrationState({ started: true, targetReady: true, ended: true }) },
    { phase: 'Running' },
    'finishing host-1>host-2 | in host-2 | -',
  ],
  [
    '11 completed',
    { nodeName: 'host-2', migration: migrationState({ started: true, targetReady: true, ended: true, completed: true }) },
    { phase: 'Running' },
    'finishing host-1>host-2 | in host-2 | -',
  ],
  [
    '13 Succeeded',
    { nodeName: 'host-2', migration: migrationState({ started: true, targetReady: true, ended: true, completed: true }) },
    { phase: 'Succeeded' },
    '- | in host-2 | vmim-1 succeeded',
  ],
];

/** KubeVirt ≤ 1.5: the source mirrors endTimestamp and perhaps `completed` while nodeName is still the source. */
const UNTIL_1_5: readonly Row[] = [
  ...SINCE_1_6.slice(0, 10),
  [
    '10 endTimestamp and completed, nodeName still the source',
    { migration: migrationState({ started: true, targetReady: true, ended: true, completed: true }) },
    { phase: 'Running' },
    'switching host-1>host-2 | host-1 to host-2 | -',
  ],
  [
    '10b the VMIM already Succeeded, nodeName still the source: it has not gone back',
    { migration: migrationState({ started: true, targetReady: true, ended: true, completed: true }) },
    { phase: 'Succeeded' },
    'switching host-1>host-2 | host-1 to host-2 | -',
  ],
  [
    '11 nodeName',
    { nodeName: 'host-2', migration: migrationState({ started: true, targetReady: true, ended: true, completed: true }) },
    { phase: 'Succeeded' },
    '- | in host-2 | vmim-1 succeeded',
  ],
];

const FAILURES: readonly Row[] = [
  [
    '#5503: failed before the hand-off, only the VMIM knows',
    { migration: previous },
    { phase: 'Failed' },
    '- | in host-1 | vmim-0 succeeded, vmim-1 failed',
  ],
  [
    '#8539: failed; the VMI still names the target',
    { migration: migrationState({ started: true, ended: true, failed: true }) },
    { phase: 'Failed' },
    '- | in host-1 | vmim-1 failed',
  ],
  [
    'T3: failed on the VMI alone is terminal',
    { migration: migrationState({ started: true, failed: true }) },
    { phase: 'Running' },
    '- | in host-1 | vmim-1 failed',
  ],
  [
    'failed, its VMIM collected',
    { migration: migrationState({ started: true, ended: true, failed: true }) },
    null,
    '- | in host-1 | vmim-1 failed',
  ],
  [
    'abort asked for before the hand-off',
    { migration: previous },
    { phase: 'Scheduling', deleting: true },
    'aborting host-1>? | in host-1 | vmim-0 succeeded',
  ],
  [
    'aborted before the hand-off',
    { migration: previous },
    { phase: 'Failed', deleting: true, abortRequested: true },
    '- | in host-1 | vmim-0 succeeded, vmim-1 aborted',
  ],
  [
    'abort asked for while it transfers',
    { migration: migrationState({ started: true, abortRequested: true, abortStatus: 'Aborting' }) },
    { phase: 'Running', deleting: true, abortRequested: true },
    'aborting host-1>host-2 | host-1 to host-2 | -',
  ],
  [
    'aborted while it transferred',
    { migration: migrationState({ started: true, ended: true, failed: true, abortRequested: true, abortStatus: 'Succeeded' }) },
    { phase: 'Failed', deleting: true, abortRequested: true },
    '- | in host-1 | vmim-1 aborted',
  ],
  [
    'aborted, and nothing left of the VMIM',
    { migration: migrationState({ started: true, ended: true, failed: true, abortRequested: true, abortStatus: 'Succeeded' }) },
    null,
    '- | in host-1 | vmim-1 aborted',
  ],
  [
    'an abort that lost the race',
    { nodeName: 'host-2', migration: migrationState({ started: true, ended: true, completed: true, abortRequested: true }) },
    { phase: 'Succeeded', deleting: true },
    '- | in host-2 | vmim-1 succeeded',
  ],
];

const LATE: readonly Row[] = [
  [
    'T5: the VMI is ahead of the VMIM',
    { migration: migrationState({ started: true }) },
    { phase: 'Pending' },
    'transferring host-1>host-2 | host-1 to host-2 | -',
  ],
  [
    'T5: the VMIM is ahead of the VMI',
    { migration: previous },
    { phase: 'Running' },
    'transferring host-1>? | host-1 to ? | vmim-0 succeeded',
  ],
  [
    'T5: the VMIM is not known yet',
    { migration: migrationState({ started: true }) },
    null,
    'transferring host-1>host-2 | host-1 to host-2 | -',
  ],
  [
    'T5: the VMI has not heard of a migration that has already succeeded',
    {},
    { phase: 'Succeeded', migration: migrationState({ started: true, ended: true, completed: true }) },
    'switching host-1>host-2 | host-1 to host-2 | -',
  ],
  ['T2: a move that is over is no move', { migration: previous }, null, '- | in host-1 | vmim-0 succeeded'],
  ['a hand-off without a start and without VMIM tells nothing', { migration: migrationState() }, null, '- | in host-1 | -'],
  [
    'T4: a migration older than the VMI is an earlier run’s',
    { createdAt: 5_000 },
    { phase: 'Running', createdAt: 4_000 },
    '- | in host-1 | -',
  ],
  [
    'target equal to the source (#18946), under way',
    { migration: migrationState({ targetNode: 'host-1', started: true }) },
    { phase: 'Running' },
    'transferring host-1>host-1 | host-1 to host-1 | -',
  ],
  [
    'target equal to the source, over',
    { migration: migrationState({ targetNode: 'host-1', started: true, ended: true, completed: true }) },
    { phase: 'Succeeded' },
    '- | in host-1 | vmim-1 succeeded',
  ],
  ['no guest, no move', { phase: 'Failed', migration: migrationState({ started: true }) }, { phase: 'Running' }, '- | in host-1 | -'],
];

describe.each([
  ['KubeVirt ≥ 1.6', SINCE_1_6],
  ['KubeVirt ≤ 1.5', UNTIL_1_5],
  ['failures and aborts', FAILURES],
  ['late, missing and odd', LATE],
])('migration: %s', (_name, rows) => {
  test.each(rows)('%s', (_step, vmi, vmim, expected) => {
    expect(read(vmiFact(vmi), vmim === null ? [] : [vmimFact(vmim)])).toBe(expected);
  });
});

describe('migration: details', () => {
  test('a second VMIM that is refused while one runs does not take its place', () => {
    const active = vmimFact({ phase: 'Running' });
    const refused = vmimFact({ uid: 'vmim-2', name: 'ubuntu-xyz', phase: '', createdAt: 3_000 });
    const vmi = vmiFact({ migration: migrationState({ started: true }) });
    expect(deriveMigrations(vmi, [refused, active]).transit?.id).toBe('vmim-1');
    expect(deriveMigrations(vmi, [active, refused]).transit?.id).toBe('vmim-1');
    expect(deriveMigrations(vmi, [active, { ...refused, phase: 'Failed' }]).finished.map(({ id }) => id)).toEqual(['vmim-2']);
  });

  test('the host that was asked for: spec ≥ 1.6, else Harvester’s annotation for this very migration', () => {
    const annotated = vmiFact({ harvesterMigrationUid: 'vmim-1', harvesterTarget: 'host-3' });
    expect(deriveMigrations(annotated, [vmimFact()]).transit?.requested).toBe('host-3');
    expect(deriveMigrations(annotated, [vmimFact({ requestedHost: 'host-2' })]).transit?.requested).toBe('host-2');
    expect(deriveMigrations({ ...annotated, harvesterMigrationUid: 'vmim-0' }, [vmimFact()]).transit?.requested).toBeUndefined();
  });

  const quota = { type: 'migrationRejectedByResourceQuota', status: 'True' } as const;
  const peerFailure = { type: 'DecentralizedLiveMigrationFailure', status: 'True', reason: 'R', message: 'the other side' } as const;
  const unschedulable = podFact({ unschedulable: 'Unschedulable: 0/3 nodes are available' });
  const REASONS: readonly (readonly [where: string, Partial<VmiFact>, Partial<VmimFact>, expected: string | undefined, pod?: PodFact])[] = [
    ['the VMI', { migration: migrationState({ failed: true, failureReason: 'timed out' }) }, {}, 'timed out'],
    ['the VMIM’s copy', {}, { migration: migrationState({ failureReason: 'target pod failed' }) }, 'target pod failed'],
    ['a condition of the VMIM', {}, { conditions: [{ ...quota, message: 'quota' }] }, 'quota'],
    ['a condition without words', {}, { conditions: [quota] }, 'migrationRejectedByResourceQuota'],
    ['the other cluster', { conditions: [peerFailure] }, { direction: 'out' }, 'R: the other side'],
    ['the target pod', {}, {}, 'Unschedulable: 0/3 nodes are available', unschedulable],
    ['its phases: it never was Pending', {}, { phases: ['Failed'] }, 'refused: another migration of this VM was in progress'],
    ['its phases: it was Pending', {}, { phases: ['Pending', 'Failed'] }, undefined],
    ['its phases, in an earlier run', { createdAt: 5_000 }, { phases: ['Failed'] }, undefined],
    ['a VMI that ended later tells nothing', { phase: 'Failed', reason: 'NodeUnresponsive' }, { phases: ['Failed'] }, undefined],
    ['nowhere', {}, {}, undefined],
    [
      'the VMI is on the target (kubevirt#13112)',
      { nodeName: 'host-2', migration: migrationState({ started: true, ended: true }) },
      {},
      'recorded as failed, but the VM is on host-2',
    ],
  ];
  test.each(REASONS.map((row) => ({ row, where: row[0] })))('why it failed, from $where', ({ row: [, vmi, vmim, expected, pod] }) => {
    const context = { ...NO_CONTEXT, podOf: () => pod };
    expect(derive(vmiFact(vmi), [vmimFact({ phase: 'Failed', ...vmim })], context).finished[0]?.reason).toBe(expected);
  });

  test('the target pod tells the target before the VMI does, and that it is being placed', () => {
    const at = (nodeName: string | null, vmim: Partial<VmimFact>) =>
      derive(vmiFact(), [vmimFact(vmim)], { ...NO_CONTEXT, podOf: () => podFact({ nodeName }) }).transit;
    expect(at(null, { phase: 'Pending' })).toMatchObject({ stage: 'scheduling', to: null });
    expect(at('host-3', { phase: 'Scheduling' })).toMatchObject({ stage: 'scheduling', to: 'host-3' });
  });

  test.each([
    ['mode Paused', { mode: 'Paused' }, []],
    ['the pause of the migration monitor', {}, [{ type: 'Paused', status: 'True', reason: 'PausedByMigrationMonitor' }]],
  ] as const)('the guest is held so that the migration can finish: %s', (_how, state, conditions) => {
    const transit = (more: Partial<MigrationStateFact>) =>
      deriveMigrations(vmiFact({ conditions, migration: migrationState({ started: true, ...state, ...more }) }), [
        vmimFact({ phase: 'Running' }),
      ]).transit;
    expect(transit({})?.suspended).toBe(true);
    expect(transit({ targetReady: true })?.suspended).toBeUndefined();
    expect(transit({ started: false })?.suspended).toBeUndefined();
  });

  test('a pause by a person or an I/O error holds nothing for the migration', () => {
    for (const reason of ['PausedByUser', 'PausedIOError']) {
      const vmi = vmiFact({ conditions: [{ type: 'Paused', status: 'True', reason }], migration: migrationState({ started: true }) });
      expect(deriveMigrations(vmi, [vmimFact({ phase: 'Running' })]).transit?.suspended).toBeUndefined();
    }
  });

  test('post-copy is a danger from its beginning to its end', () => {
    const danger = (more: Partial<MigrationStateFact>, vmims = [vmimFact({ phase: 'Running' })]) =>
      deriveMigrations(vmiFact({ migration: migrationState({ started: true, mode: 'PostCopy', ...more }) }), vmims).danger;
    expect(danger({})).toBe('post-copy');
    expect(danger({ targetReady: true })).toBe('post-copy');
    expect(danger({}, [])).toBe('post-copy');
    expect(danger({ ended: true })).toBeUndefined();
    expect(danger({ failed: true })).toBeUndefined();
    expect(danger({ mode: 'PreCopy' })).toBeUndefined();
  });

  test('T5: whether the VMI is behind is told by what its VMIM keeps, and never where the VMI has moved on', () => {
    const over = { started: true, ended: true, completed: true };
    const there = vmimFact({
      uid: 'm-1',
      name: 'n-1',
      phase: 'Succeeded',
      createdAt: 2_000,
      migration: migrationState({ migrationUid: null, ...over }),
    });
    const backState = migrationState({ migrationUid: 'm-2', sourceNode: 'host-2', targetNode: 'host-1', ...over });
    const back = vmimFact({ uid: 'm-2', name: 'n-2', phase: 'Succeeded', createdAt: 3_000, migration: backState });
    const again = { ...there, uid: 'm-3', name: 'n-3', createdAt: 4_000 };
    const isMoving = (vmi: Partial<VmiFact>, vmims: readonly VmimFact[]): string | undefined =>
      deriveMigrations(vmiFact(vmi), vmims).transit?.id;
    const returned = { migration: backState };
    expect(isMoving(returned, [there, back])).toBeUndefined();
    expect(isMoving(returned, [there])).toBeUndefined();
    expect(isMoving(returned, [there, back, again])).toBe('m-3');
    expect(isMoving(returned, [again, back, there])).toBe('m-3');
    expect(isMoving({}, [again, there])).toBe('m-3');
    expect(isMoving({}, [there, again])).toBe('m-3');
    expect(isMoving({ createdAt: 5_000 }, [there, again])).toBeUndefined();
    expect(isMoving({ createdAt: 4_000 }, [there, again])).toBeUndefined();
    expect(isMoving({ nodeName: 'host-2' }, [there])).toBeUndefined();
  });

  test('one whose VMIM was collected is older than those that were not; an aborted one leaves no VMIM and may be the newest', () => {
    const failures = [1, 2].map((n) => vmimFact({ uid: `m-${n}`, name: `n-${n}`, phase: 'Failed', createdAt: n * 3_000 }));
    const orphan = (changes: Partial<MigrationStateFact>) =>
      vmiFact({ migration: migrationState({ migrationUid: 'm-0', ended: true, ...changes }) });
    const order = (vmi: VmiFact) => deriveMigrations(vmi, failures).finished.map(({ id }) => id);
    expect(order({ ...orphan({ completed: true }), nodeName: 'host-2' })).toEqual(['m-0', 'm-1', 'm-2']);
    expect(order(orphan({ failed: true }))).toEqual(['m-0', 'm-1', 'm-2']);
    expect(order(orphan({ failed: true, abortStatus: 'Succeeded' }))).toEqual(['m-1', 'm-2', 'm-0']);
  });

  test('finished migrations come oldest first', () => {
    const vmims = [3, 1, 2].map((n) => vmimFact({ uid: `m-${n}`, name: `n-${n}`, phase: 'Failed', createdAt: n }));
    expect(deriveMigrations(vmiFact(), vmims).finished.map(({ id }) => id)).toEqual(['m-1', 'm-2', 'm-3']);
  });
});

/** domain.md 3.9. The other side's host has the name of one of ours. */
describe('cross-cluster', () => {
  const sides = { sourceVmi: 'vmi-1', targetVmi: 'vmi-over-there' };
  const out = (phase: string): VmimFact => vmimFact({ phase, direction: 'out', pair: 'pair-1' });
  const into = (phase: string): VmimFact => vmimFact({ phase, direction: 'in', pair: 'pair-1' });
  const receiver = (phase: string, nodeName: string | null, changes: Partial<MigrationStateFact> = {}): VmiFact =>
    vmiFact({
      phase,
      nodeName,
      migration: migrationState({
        sourceNode: 'host-1',
        targetNode: nodeName,
        sourceVmi: 'vmi-over-there',
        targetVmi: 'vmi-1',
        ...changes,
      }),
    });

  test.each([
    ['Synchronizing', vmiFact(), out('Synchronizing'), 'queued host-1>? | in host-1 | -'],
    [
      'Scheduling: the VMI has the uid, the target is not known',
      vmiFact({ migration: migrationState({ ...sides, targetNode: null }) }),
      out('Scheduling'),
      'scheduling host-1>? | host-1 to ? | -',
    ],
    [
      'Running: it goes to a host of the other cluster, and to none of ours',
      vmiFact({ migration: migrationState({ ...sides, started: true }) }),
      out('Running'),
      'transferring host-1>? | host-1 to ? | -',
    ],
    [
      'the other host has the name of the one it is on: it has not arrived',
      vmiFact({ migration: migrationState({ ...sides, targetNode: 'host-1', started: true, ended: true }) }),
      out('Running'),
      'switching host-1>? | host-1 to ? | -',
    ],
    [
      'kubevirt#15299: the VMIM has succeeded, the source VMI was not told: it is not settled here',
      vmiFact({ migration: migrationState({ ...sides, started: true, ended: true, completed: true }) }),
      out('Succeeded'),
      'switching host-1>? | host-1 to ? | -',
    ],
    [
      'gone: the source VMI ends as Succeeded',
      vmiFact({ phase: 'Succeeded', migration: migrationState({ ...sides, started: true, ended: true, completed: true }) }),
      out('Succeeded'),
      '- | in host-1 | vmim-1 succeeded',
    ],
    [
      'failed',
      vmiFact({ migration: migrationState({ ...sides, started: true, ended: true, failed: true }) }),
      out('Failed'),
      '- | in host-1 | vmim-1 failed',
    ],
    [
      'an abort while it transfers: still leaving',
      vmiFact({ migration: migrationState({ ...sides, started: true, abortRequested: true }) }),
      { ...out('Running'), deleting: true },
      'aborting host-1>? | host-1 to ? | -',
    ],
    ['in: WaitingForSync', vmiFact({ phase: 'WaitingForSync', nodeName: null }), into('WaitingForSync'), 'queued null>? | nowhere | -'],
    ['in: Scheduled, with a host', receiver('Scheduled', 'host-2'), into('PreparingTarget'), 'preparing null>host-2 | in host-2 | -'],
    [
      'in: it runs here',
      receiver('Running', 'host-2', { started: true, ended: true }),
      into('Running'),
      'finishing null>host-2 | in host-2 | -',
    ],
    [
      'in: over',
      receiver('Running', 'host-2', { started: true, ended: true, completed: true }),
      into('Succeeded'),
      '- | in host-2 | vmim-1 succeeded',
    ],
    ['in: failed, it waits again', receiver('WaitingForSync', null, { failed: true }), into('Failed'), '- | nowhere | vmim-1 failed'],
  ] as const)('%s', (_what, vmi, vmim, expected) => {
    expect(read(vmi, [vmim])).toBe(expected);
  });

  test('the peer is told: direction, pair, and its host', () => {
    const leaving = deriveMigrations(vmiFact({ migration: migrationState({ ...sides, started: true }) }), [out('Running')]).transit;
    expect(leaving).toMatchObject({ cause: 'cross-cluster', peer: { direction: 'out', pair: 'pair-1', host: 'host-2' } });
    const coming = deriveMigrations(receiver('Scheduled', 'host-2'), [into('PreparingTarget')]).transit;
    expect(coming).toMatchObject({ cause: 'cross-cluster', peer: { direction: 'in', pair: 'pair-1', host: 'host-1' } });
  });

  test('with its VMIM gone the two VMIs still tell the directions', () => {
    const state = { started: true, ended: true, completed: true };
    const gone = vmiFact({ phase: 'Succeeded', migration: migrationState({ ...sides, ...state }) });
    expect(deriveMigrations(gone, []).finished).toMatchObject([{ outcome: 'succeeded', cause: 'cross-cluster', from: 'host-1', to: null }]);
    expect(deriveMigrations(receiver('Running', 'host-2', state), []).finished).toMatchObject([
      { outcome: 'succeeded', cause: 'cross-cluster', from: null, to: 'host-2' },
    ]);
  });
});
