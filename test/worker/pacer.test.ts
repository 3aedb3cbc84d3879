import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { applyFrame, stateOf } from '../../core/cluster-state.ts';
import type { Frame } from '../../core/downlink.ts';
import {
  BATCH_INTERVAL_MS,
  FRAME_INTERVAL_MOST_MS,
  FRAMES_WAITING_BYTES,
  MAX_VIEWERS_PER_CLUSTER_COUNT,
  RESUME_BYTES,
} from '../../core/limits.ts';
import type { Vm } from '../../core/model.ts';
import { addFrame, forgetRecent, frameIntervalMs, framesAfter, idlePacer, leave, type PacedFrame, waitMs } from '../../worker/pacer.ts';
import { formatFrames, mergeFrames, type RoomFrame, roomFrame } from '../../worker/room-frames.ts';

const frameOf = (from: string, to: string, size = 100): PacedFrame => ({ from, to, size });

describe('D4: the interval between frames', () => {
  test.each([
    { direct: 0, bridge: 0, kilobytes: 0, interval: 0 },
    { direct: 1, bridge: 1, kilobytes: 1_000, interval: 0 },
    { direct: 300, bridge: 0, kilobytes: 1, interval: 0 },
    { direct: 0, bridge: 100, kilobytes: 1, interval: 0 },
    { direct: 1_000, bridge: 0, kilobytes: 0, interval: 80 },
    { direct: 1_000, bridge: 0, kilobytes: 30, interval: 125 },
    { direct: 0, bridge: 1_000, kilobytes: 0, interval: 150 },
    { direct: 500, bridge: 500, kilobytes: 0, interval: 115 },
    { direct: 5_000, bridge: 5_000, kilobytes: 1_000, interval: FRAME_INTERVAL_MOST_MS },
  ])('$direct direct, $bridge bridged, after $kilobytes kB: $interval ms', ({ direct, bridge, kilobytes, interval }) => {
    expect(frameIntervalMs({ direct, bridge }, kilobytes * 1_000)).toBe(interval);
  });

  test('grows with the viewers and the bytes, and is nothing or at least that of the batches', () => {
    const count = fc.nat(MAX_VIEWERS_PER_CLUSTER_COUNT);
    fc.assert(
      fc.property(count, count, count, fc.nat(2_000_000), fc.nat(100_000), (direct, bridge, more, bytes, moreBytes) => {
        const interval = frameIntervalMs({ direct, bridge }, bytes);
        expect(interval === 0 || (interval >= BATCH_INTERVAL_MS && interval <= FRAME_INTERVAL_MOST_MS)).toBe(true);
        expect(frameIntervalMs({ direct: direct + more, bridge: bridge + more }, bytes + moreBytes)).toBeGreaterThanOrEqual(interval);
      }),
    );
  });
});

describe('D4: when frames leave', () => {
  test.each([
    { name: 'the first of all', sentAt: Number.NEGATIVE_INFINITY, now: 0, waits: 0 },
    { name: 'the first after a pause', sentAt: 0, now: 200, waits: 0 },
    { name: 'one that comes too soon', sentAt: 0, now: 50, waits: 150 },
    { name: 'one at the same moment', sentAt: 0, now: 0, waits: 200 },
    { name: 'where the clock was set back', sentAt: 90_000, now: 0, waits: 200 },
    { name: 'where the crowd still reads', sentAt: 0, now: 300, isBusy: true, waits: 700 },
    { name: 'where the crowd has read for long enough', sentAt: 0, now: 1_000, isBusy: true, waits: 0 },
    { name: 'where few still read', sentAt: 0, now: 0, interval: 0, isBusy: true, waits: 0 },
  ])('$name', ({ sentAt, now, waits, interval = 200, isBusy = false }) => {
    expect(waitMs({ sentAt, sentBytes: 0, waiting: [frameOf('e-1', 'e-2')], recent: [] }, interval, isBusy, now)).toBe(waits);
  });

  test('what is too much to keep leaves at once', () => {
    const half = FRAMES_WAITING_BYTES / 2;
    const pacer = addFrame(addFrame({ ...idlePacer(), sentAt: 0 }, frameOf('e-1', 'e-2', half)), frameOf('e-2', 'e-3', half));
    expect(waitMs(pacer, 200, false, 0)).toBe(200);
    expect(waitMs(addFrame(pacer, frameOf('e-3', 'e-4', 1)), 200, false, 0)).toBe(0);
  });

  test('a viewer that came meanwhile, or is behind, lacks what came after its cursor', () => {
    const frames = [frameOf('e-1', 'e-2'), frameOf('e-2', 'e-3'), frameOf('e-3', 'e-4')];
    expect(framesAfter(frames, 'e-1')).toEqual(frames);
    expect(framesAfter(frames, 'e-2')).toEqual(frames.slice(1));
    expect(framesAfter(frames, 'e-4')).toEqual([]);
    for (const unknown of ['e-0', 'f-2', null]) expect(framesAfter(frames, unknown)).toBeNull();
    expect(framesAfter([], 'e-4')).toBeNull();
  });

  test('what has left is kept while somebody is behind, up to what a resumption may be', () => {
    const third = RESUME_BYTES / 3;
    const frames = [2, 3, 4, 5].map((revision) => frameOf(`e-${revision - 1}`, `e-${revision}`, third));
    let pacer = addFrame(idlePacer(), frameOf('e-1', 'e-2'));
    for (const [index, frame] of frames.entries()) pacer = leave(pacer, frame, index);
    expect(pacer).toEqual({ sentAt: 3, sentBytes: third, waiting: [], recent: frames.slice(1) });
    const large = frameOf('e-5', 'e-6', RESUME_BYTES + 1);
    expect(leave(pacer, large, 9).recent).toEqual([]);
    expect(forgetRecent(leave(pacer, frameOf('e-5', 'e-6'), 9)).recent).toEqual([]);
  });
});

const vm = (name: string, host: string): Vm => ({ id: name, namespace: 'default', name, host, state: 'running', migratable: { ok: true } });

const revisionOf = (cursor: string | null): number => Number(cursor?.split('-')[1]);
const isWithin = (cursor: string | null, from: string, to: string): boolean =>
  revisionOf(from) < revisionOf(cursor) && revisionOf(cursor) < revisionOf(to);

describe('D2: whatever the timing', () => {
  /** A change of one VM (or its end), after a pause; and now and then a viewer that comes. */
  const step = fc.record({
    pause: fc.nat(400),
    name: fc.constantFrom('a', 'b', 'c', 'd'),
    host: fc.option(fc.constantFrom('host-1', 'host-2'), { nil: null }),
    joins: fc.boolean(),
    /** Which of the viewers takes nothing this time. */
    slow: fc.nat(5),
  });

  test('snapshot + what was sent = the snapshot at the later cursor, and nothing waits longer than the interval', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 40 }), fc.integer({ min: 0, max: 1_000 }), (steps, interval) => {
        const room = stateOf({ cursor: 'e-1', digest: '', hosts: [], vms: [] });
        const copy = () => ({ cursor: room.cursor, digest: room.digest, hosts: new Map(room.hosts), vms: new Map(room.vms) });
        const viewers = [copy()];
        let slow = 0;
        let pacer = idlePacer<RoomFrame>();
        let due: number | null = null;
        const committedAt = new Map<string, number>();
        const flush = (now: number): void => {
          const frames = pacer.waiting;
          for (const { from } of frames) expect(now - (committedAt.get(from) ?? now)).toBeLessThanOrEqual(interval);
          if (frames.length === 0) return;
          const merged = mergeFrames(frames);
          const all = [...pacer.recent, merged];
          for (const [index, state] of viewers.entries()) {
            if (index === slow) continue;
            const lacking = framesAfter(frames, state.cursor) ?? framesAfter(all, state.cursor);
            // One that came while frames waited, and was then behind: its cursor is within a frame that has left.
            if (lacking === null) viewers[index] = copy();
            if (lacking === null || lacking.length === 0) continue;
            const data = /^data: (.*)$/m.exec(formatFrames(lacking))?.[1] ?? '';
            expect(applyFrame(state, JSON.parse(data) as Frame).ok).toBe(true);
          }
          const isBehind = viewers.some(({ cursor }) => cursor !== merged.to);
          pacer = leave(pacer, merged, now);
          if (!isBehind) pacer = forgetRecent(pacer);
          due = null;
        };
        let now = 0;
        for (const [index, step] of steps.entries()) {
          const { pause, name, host, joins } = step;
          slow = step.slow;
          now += pause;
          if (due !== null && due <= now) flush(due);
          const frame: Frame = {
            from: `e-${index + 1}`,
            to: `e-${index + 2}`,
            at: now,
            digest: String(index),
            ...(host === null ? { goneVms: [name] } : { vms: [vm(name, host)] }),
          };
          applyFrame(room, frame);
          committedAt.set(frame.from, now);
          pacer = addFrame(pacer, roomFrame(frame.from, { to: frame.to, json: JSON.stringify(frame) }));
          const wait = waitMs(pacer, interval, false, now);
          if (wait === 0) flush(now);
          else due ??= now + wait;
          if (joins) viewers.push(copy());
        }
        slow = -1;
        if (due !== null) flush(due);
        for (const state of viewers) {
          const lacking = framesAfter(pacer.recent, state.cursor);
          if (lacking === null && pacer.recent.some(({ from, to }) => isWithin(state.cursor, from, to))) continue;
          for (const { json } of lacking ?? []) expect(applyFrame(state, JSON.parse(json) as Frame).ok).toBe(true);
          expect([state.cursor, state.digest]).toEqual([room.cursor, room.digest]);
          expect(new Map([...state.vms].toSorted())).toEqual(new Map([...room.vms].toSorted()));
        }
      }),
      { numRuns: 200 },
    );
  });
});
