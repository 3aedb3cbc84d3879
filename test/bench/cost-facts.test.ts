import { expect, test } from 'vitest';
import { hourFactsOf, unitFactsOf } from '../../bench/cost-facts.ts';
import type { RecordedPost } from '../../bench/cost-recording.ts';
import type { Replayed } from '../../bench/cost-replay.ts';
import { formatCost, type MeasuredHour } from '../../bench/cost-report.ts';

const ALONE: Replayed = {
  viewers: 0,
  rowsRead: 100,
  rowsWritten: 50,
  handlerSeconds: 2,
  cpuMs: 1_000,
  events: 0,
  bytes: 0,
  frames: 10,
  openedMs: [],
};
const WITH_TEN: Replayed = {
  ...ALONE,
  viewers: 10,
  rowsRead: 120,
  handlerSeconds: 3,
  cpuMs: 1_400,
  events: 4_000,
  bytes: 400_000,
  openedMs: [4, 5, 60],
};
const REPLAYS = [ALONE, WITH_TEN];
const STORED = { segments: 3, checkpoints: 2, migrations: 7, logBytes: 200_000, otherBytes: 100_000 };
const heartbeat = (at: number, number: number): RecordedPost => ({
  at,
  path: 'batches',
  body: { kind: 'heartbeat', session: 1, number, digest: '' },
});
const HOUR = [heartbeat(0, 3), heartbeat(100, 4), heartbeat(10_100, 5), heartbeat(3_595_000, 6)];
const SLEEP = { wakeRows: 12, snapshotRows: 105, connectRows: 0, heartbeatRows: { read: 1, written: 1 }, snapshotMs: 15, connectMs: 8 };

test('an hour’s facts: rows as counted, waking and reporting as the times say, and what the log makes of a week of it', () => {
  expect(hourFactsOf(HOUR, REPLAYS, STORED)).toEqual({
    batches: 4,
    progress: 0,
    rowsRead: 120,
    rowsWritten: 50,
    rowsPruned: 2 + 1 + 7,
    // Forty looks a week at a week's ends; at two new segments a week's segments and checkpoints.
    rowsScanned: expect.closeTo((40 / 168) * 7 * 168 + 2 * 5 * 168),
    wakes: 3,
    reports: 4,
    events: 400,
    storedGb: expect.closeTo((200_000 * 168 + 100_000 + 7 * 168 * 1_024) / 1e9),
    handlerSeconds: new Map([
      [0, 2],
      [10, 3],
    ]),
    // Ten seconds after each, but for the first, which the second one follows sooner.
    warmSeconds: 30.1,
  });
});

test('what is kept is bounded: the log by its size, finished migrations by their number', () => {
  const { rowsScanned, storedGb } = hourFactsOf(HOUR, REPLAYS, { ...STORED, migrations: 1_000, logBytes: 2 * 67_108_864 });
  // A look for each 500 ends, but never without a new segment.
  expect(rowsScanned).toBe(2 * (20_000 + 5 / 2));
  expect(hourFactsOf(HOUR, REPLAYS, { ...STORED, segments: 9, migrations: 1_000, logBytes: 2 * 67_108_864 }).rowsScanned).toBe(
    2 * 20_000 + 8 * (11 / 2),
  );
  expect(storedGb).toBeCloseTo((67_108_864 + 100_000 + 20_000 * 1_024) / 1e9);
});

test('rows that depend on who looks mean that something else was measured', () => {
  expect(() => hourFactsOf(HOUR, [ALONE, { ...WITH_TEN, rowsWritten: 51 }], STORED)).toThrow('51 rows were written with 10 viewers');
  expect(() => hourFactsOf(HOUR, [WITH_TEN], STORED)).toThrow('without viewers');
});

test('single things: the CPU time of a viewer’s event is what the viewers added', () => {
  const unit = unitFactsOf({ sleep: SLEEP, requestCpuMs: 1.3, replays: REPLAYS, busiest: REPLAYS });
  expect(unit).toEqual({
    wakeRows: 13,
    snapshotRows: 105,
    connectRows: 0,
    snapshotSeconds: 0.015,
    connectSeconds: 0.005,
    requestCpuMs: 1.3,
    deliveryCpuMs: 0.1,
  });
  const unviewed = unitFactsOf({ sleep: SLEEP, requestCpuMs: 1.3, replays: [ALONE], busiest: [ALONE] });
  expect(unviewed).toMatchObject({ connectSeconds: 0.008, deliveryCpuMs: 0 });
});

test('every row of every table has a cell for each column, and every number is one', () => {
  const facts = hourFactsOf(HOUR, REPLAYS, STORED);
  const counts = { changes: 10, heartbeats: 4, progress: 2, entities: 12, migrations: 1 };
  const hour = (name: string, more: Partial<typeof counts>): MeasuredHour => ({
    name,
    counts: { ...counts, ...more },
    facts: { bridge: facts, direct: facts },
    bytesPerViewer: 40_000,
  });
  const text = formatCost({
    quiet: hour('quiet', {}),
    busy: hour('busy', { migrations: 5, changes: 90 }),
    unit: unitFactsOf({ sleep: SLEEP, requestCpuMs: 1.3, replays: REPLAYS, busiest: REPLAYS }),
    heartbeatRows: SLEEP.heartbeatRows,
    viewers: [0, 10],
    batchCpuMs: 3,
  });
  const tables = text.split('\n\n').filter((part) => part.startsWith('|'));
  expect(tables).toHaveLength(7);
  for (const table of tables) expect(new Set(table.split('\n').map((line) => line.split('|').length)).size).toBe(1);
  expect(text).not.toMatch(/NaN|undefined|Infinity/);
  // One bill without viewers, whichever way they would be served.
  const rowOf = (label: string): string | undefined => text.split('\n').find((line) => line.startsWith(`| ${label} |`));
  expect(rowOf('quiet, bridge, 0')?.split('|').slice(2)).toEqual(rowOf('quiet, direct, 0')?.split('|').slice(2));
});
