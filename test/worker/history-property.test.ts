/** The past, whatever happened: what a room answers of it against what it was (SPEC S1–S3, D5). */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { applyFrame, stateOf } from '../../core/cluster-state.ts';
import type { Frame, Snapshot } from '../../core/downlink.ts';
import { freshnessOf } from '../../core/freshness.ts';
import type { FramePage } from '../../core/history.ts';
import type { DerivedVm } from '../../core/model.ts';
import { inLogRoom, type LogRoom } from './log-room.ts';
import { isLong } from './runs.ts';
import { finished, host, vm } from './support.ts';

const hostName = fc.constantFrom('host-1', 'host-2', 'host-3');
const vmName = fc.constantFrom('a', 'b', 'c', 'd');
const migration = fc.constantFrom('m1', 'm2', 'm3');
const anyVm: fc.Arbitrary<DerivedVm> = fc
  .record({ name: vmName, on: fc.option(hostName), move: fc.option(migration), words: fc.integer({ min: 0, max: 600 }) })
  .map(({ name, on, move, words }) => {
    const transit = { id: `${move}-${name}`, stage: 'transferring', cause: 'user', from: on, to: 'host-3' } as const;
    return vm(name, on, { ...(move !== null && { transit }), ...(words > 200 && { reason: 'é'.repeat(words - 200) }) });
  });
const change = fc.record({
  hosts: fc.array(
    fc.record({ name: hostName, cpu: fc.nat(3) }).map(({ name, cpu }) => host(name, { cpu })),
    { maxLength: 2 },
  ),
  vms: fc.array(anyVm, { maxLength: 3 }),
  goneVms: fc.array(
    vmName.map((name) => `default/${name}`),
    { maxLength: 1 },
  ),
  finished: fc.array(
    fc
      .record({ id: migration, name: vmName, overAt: fc.nat(9) })
      .map(({ id, name, overAt }) => finished(`${id}-${name}`, name, { overAt })),
    { maxLength: 2 },
  ),
});
/** Milliseconds: the same one, soon, later, after a silence, long after; and a clock that is set back. */
const pause = fc.constantFrom(0, 7, 5_000, 29_999, 30_000, 30_001, 45_000, 200_000, -50);
const step = fc.record({ pause, act: fc.constantFrom('change', 'change', 'change', 'sync', 'heartbeat', 'wake'), change });

interface Shown {
  readonly at: number;
  readonly shown: unknown;
}

function play(
  room: LogRoom,
  steps: readonly (typeof step extends fc.Arbitrary<infer Step> ? Step : never)[],
): { frames: Shown[]; heard: number[] } {
  const frames: Shown[] = [];
  const heard: number[] = [];
  for (const { pause: ms, act, change: what } of steps) {
    room.now += ms;
    if (act === 'wake') room.wake();
    else {
      const taken = act === 'heartbeat' ? room.heartbeat() : act === 'sync' ? room.sync(what) : room.change(what);
      heard.push(room.now);
      if (taken.frame !== null) frames.push({ at: room.row.frameAt, shown: room.shown });
    }
  }
  return { frames, heard };
}

/** The last that was committed by then: of several in one millisecond only that can be asked for. */
const at = (frames: readonly Shown[], moment: number): unknown => frames.findLast((frame) => frame.at <= moment)?.shown;

async function checkPast(
  room: LogRoom,
  { frames, heard }: { frames: readonly Shown[]; heard: readonly number[] },
  moment: number,
  oldest: number,
) {
  if (moment > room.now) return;
  const { status, body } = await room.read('snapshot', { at: moment });
  if (moment < oldest) {
    expect({ status, code: body.code, oldest: body.oldest }).toEqual({ status: 404, code: 'out-of-range', oldest });
    return;
  }
  const { cursor, digest, hosts, vms, now, lastHeard } = body as unknown as Snapshot;
  expect({ moment, cursor, digest, hosts, vms }).toEqual({ moment, ...(at(frames, moment) as object) });
  expect(now).toBe(moment);
  const isMonotone = heard.every((time, index) => index === 0 || time >= (heard[index - 1] ?? 0));
  const truth = heard.findLast((time) => time <= moment) ?? null;
  if (isMonotone) expect([moment, freshnessOf(lastHeard, moment)]).toEqual([moment, freshnessOf(truth, moment)]);
}

/** From the oldest cursor on, page by page, over the holes by snapshots. */
async function walk(room: LogRoom): Promise<unknown> {
  const first = await room.ok<FramePage>('frames', { limit: 2 });
  let state = stateOf(await room.ok<Snapshot>('snapshot', { at: first.oldestAt ?? 0 }));
  // Several frames can have been committed in the oldest millisecond.
  let page = await room.ok<FramePage>('frames', { from: state.cursor ?? '', limit: 2 });
  for (;;) {
    for (const frame of page.frames as Frame[]) expect(applyFrame(state, frame).ok).toBe(true);
    if (page.jump !== undefined) state = stateOf(await room.ok<Snapshot>('snapshot', { at: page.jump.at }));
    else if (page.next === null) break;
    else expect(page.next).toBe(state.cursor);
    page = await room.ok<FramePage>('frames', { from: state.cursor ?? '', limit: 2 });
  }
  const byKey = ([left]: [string, unknown], [right]: [string, unknown]): number => (left < right ? -1 : 1);
  const list = (map: Map<string, unknown>): unknown[] => [...map].sort(byKey).map(([, value]) => value);
  return { cursor: state.cursor, digest: state.digest, hosts: list(state.hosts), vms: list(state.vms) };
}

const SMALL = { segmentBytes: 1_500, largestFrameBytes: 1_400, checkpointFloorBytes: 2_000, checkpointPartBytes: 300 };
const WEEK_MS = 7 * 24 * 3_600_000;

test.each([
  ['everything is kept', { ageMs: WEEK_MS, bytes: 1e9 }],
  ['pruned by age', { ageMs: 400_000, bytes: 1e9 }],
  ['pruned by size', { ageMs: WEEK_MS, bytes: 12_000 }],
])(
  '%s: the past is what it was, at every frame and between, and the log leads from the oldest to the head',
  async (name, retention) => {
    let pruned = 0;
    let holes = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 60 }), fc.array(fc.nat(3_000_000), { maxLength: 3 }), (steps, offsets) =>
        inLogRoom(
          async (room) => {
            const begun = room.now;
            room.sync({ hosts: [host('host-1')], vms: [vm('a', 'host-1')] });
            const first: Shown = { at: room.row.frameAt, shown: room.shown };
            const { frames, heard } = play(room, steps);
            const told = { frames: [first, ...frames], heard: [begun, ...heard] };
            room.now = Math.max(room.now, room.row.frameAt);
            const oldest = Number((await room.ok<FramePage>('frames')).oldestAt);
            if (oldest > begun) pruned += 1;
            holes += room.rows('SELECT 1 FROM segments WHERE lines IS NULL').length;
            if (retention.bytes === 1e9) expect(oldest).toBeLessThanOrEqual(Math.max(begun, room.row.frameAt - retention.ageMs));
            for (const frame of told.frames) for (const moment of [frame.at - 1, frame.at]) await checkPast(room, told, moment, oldest);
            for (const time of told.heard) for (const moment of [time + 30_000, time + 30_001]) await checkPast(room, told, moment, oldest);
            for (const offset of offsets) await checkPast(room, told, begun + offset, oldest);
            expect(await walk(room)).toEqual(room.shown);
            expect(
              Math.max(...room.rows('SELECT length(value) AS bytes FROM checkpoints').map(({ bytes }) => Number(bytes))),
            ).toBeLessThanOrEqual(300);
          },
          { ...SMALL, retention },
        ),
      ),
      { numRuns: isLong ? 1_200 : 12, seed: 20261126 },
    );
    // The property says nothing where none of it ever happens.
    expect(pruned > 0).toBe(name !== 'everything is kept');
    expect(holes).toBeGreaterThan(0);
  },
  isLong ? 3_600_000 : 60_000,
);
