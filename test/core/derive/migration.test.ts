import { describe, expect, test } from 'vitest';
import { deriveCause, deriveMigrations } from '../../../core/derive/migration.ts';
import type { MigrationStateFact, VmiFact, VmimFact } from '../../../core/facts.ts';
import { lanesOf } from '../../../core/lanes.ts';
import type { Cause } from '../../../core/model.ts';
import { migrationState, vmiFact, vmimFact } from '../../support/facts.ts';

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

  test('the reason of a failure, from wherever it is recorded', () => {
    const reason = (vmi: Partial<VmiFact>, vmim: Partial<VmimFact>): string | undefined =>
      deriveMigrations(vmiFact(vmi), [vmimFact({ phase: 'Failed', ...vmim })]).finished[0]?.reason;
    expect(reason({ migration: migrationState({ failed: true, failureReason: 'timed out' }) }, {})).toBe('timed out');
    expect(reason({}, { migration: migrationState({ failureReason: 'target pod failed' }) })).toBe('target pod failed');
    expect(reason({}, { conditions: [{ type: 'migrationRejectedByResourceQuota', status: 'True', message: 'quota' }] })).toBe('quota');
    expect(reason({}, {})).toBeUndefined();
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

describe('cause (domain.md 3.8, #8924)', () => {
  const rows: readonly (readonly [string, Partial<VmimFact>, Partial<VmiFact>, Cause])[] = [
    ['evacuation', { name: 'kubevirt-evacuation-x', evacuatingFrom: 'host-1' }, {}, 'drain'],
    ['evacuation by the descheduler', { evacuatingFrom: 'host-1' }, { evictionSource: 'descheduler' }, 'rebalance'],
    ['evacuation, system-maintenance', { evacuatingFrom: 'host-1', priority: 'system-maintenance' }, {}, 'rebalance'],
    ['workload update, system-critical', { workloadUpdate: true, priority: 'system-critical' }, {}, 'upgrade'],
    ['workload update, volumes', { name: 'kubevirt-workload-update-x', priority: 'user-triggered' }, { volumesChange: true }, 'storage'],
    ['workload update, user-triggered', { workloadUpdate: true, priority: 'user-triggered' }, {}, 'hotplug'],
    ['workload update of an old KubeVirt', { workloadUpdate: true }, {}, 'unknown'],
    ['Harvester’s dialog', { name: 'ubuntu-8x7', requestedHost: 'host-2' }, {}, 'user'],
    ['Harvester’s dialog before 1.7', { name: 'x' }, { harvesterMigrationUid: 'vmim-1', harvesterTarget: 'host-2' }, 'user'],
    ['Harvester’s dialog, another migration', { name: 'x' }, { harvesterMigrationUid: 'vmim-0', harvesterTarget: 'host-2' }, 'unknown'],
    ['virtctl', { name: 'kubevirt-migrate-vm-abc' }, {}, 'user'],
    ['sendTo or receive', { crossCluster: true }, {}, 'cross-cluster'],
    ['nobody knows', { name: 'x' }, {}, 'unknown'],
  ];
  test.each(rows)('%s', (_name, vmim, vmi, cause) => {
    expect(deriveCause(vmimFact(vmim), vmiFact(vmi))).toBe(cause);
  });
});
