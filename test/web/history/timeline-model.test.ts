import { signal } from '@preact/signals';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { MigrationBuckets } from '../../../core/history.ts';
import { createTimelineModel, type TimelineModel } from '../../../web/history/timeline-model.ts';
import type { ClusterSession } from '../../../web/stream/cluster-session.ts';
import { createConnectionModel } from '../../../web/stream/connection-model.ts';

const NOW = 100_000_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** What the room answers to each question about intervals, in turn; the last one from then on. */
let answers: (() => Response | Promise<Response>)[];
let asked: URLSearchParams[];
let oldestAt: number;
let connection: ReturnType<typeof createConnectionModel>;
let timeline: TimelineModel;
let stop: () => void;

const busy = (): Response => new Response('{"code":"too-many-reads"}', { status: 429, headers: { 'retry-after': '5' } });
const counted =
  (succeeded: number, silences: MigrationBuckets['silences'] = []) =>
  (): Response => {
    const buckets = [{ at: NOW - 600_000, succeeded, failed: 0, aborted: 0, unknown: 0 }];
    return Response.json({ now: NOW, bucket: 600, buckets, silences } satisfies MigrationBuckets);
  };
const pass = (ms = 0): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);
const shown = (): number | undefined => timeline.ends.peek()?.buckets[0]?.succeeded;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  asked = [];
  oldestAt = NOW - 7 * DAY_MS;
  vi.stubGlobal('document', { visibilityState: 'visible' });
  vi.stubGlobal('fetch', (address: string) => {
    const { pathname, searchParams } = new URL(address, 'http://edge');
    if (pathname.endsWith('/frames')) return Promise.resolve(Response.json({ oldestAt, frames: [] }));
    asked.push(searchParams);
    const answer = answers.length > 1 ? answers.shift() : answers[0];
    return Promise.resolve(answer?.());
  });
  connection = createConnectionModel(() => performance.now(), signal(true));
  connection.readSnapshot({ now: NOW, lastHeard: NOW });
  timeline = createTimelineModel({ name: 'lab', connection } as unknown as ClusterSession);
});
afterEach(() => {
  stop();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

it('counts again by itself what could not be had, and shows nothing meanwhile: a chart without bars would say that nothing moved', async () => {
  answers = [counted(3)];
  stop = timeline.start();
  await pass(100);
  expect(shown()).toBe(3);
  answers = [busy, counted(4)];
  timeline.span.value = '1h';
  await pass(100);
  expect(timeline.ends.peek()).toBeNull();
  await pass(5_000);
  expect(shown()).toBe(4);
});

it('of two questions the newer is answered', async () => {
  let release = (_: Response): void => {};
  const slow = (): Promise<Response> =>
    new Promise((resolve) => {
      release = resolve;
    });
  answers = [slow, counted(4)];
  stop = timeline.start();
  await pass();
  timeline.span.value = '1h';
  await pass(100);
  release(counted(3)());
  await pass(100);
  expect(shown()).toBe(4);
});

it('a silence that lasted when it was told of does not last for ever', async () => {
  answers = [counted(0, [{ from: NOW - HOUR_MS, to: null }])];
  stop = timeline.start();
  await pass(100);
  connection.readPulse({ cursor: 'e-1', now: NOW + HOUR_MS, lastHeard: NOW + HOUR_MS });
  expect(timeline.ends.peek()?.silences).toEqual([{ from: NOW - HOUR_MS, to: NOW }]);
});

it('what is forgotten while somebody looks is no part of the scale any more', async () => {
  answers = [counted(3)];
  stop = timeline.start();
  await pass(100);
  expect(timeline.range.peek()?.oldest).toBe(NOW - 7 * DAY_MS);
  oldestAt = NOW - 6 * DAY_MS;
  const hear = (now: number): Promise<unknown> => {
    connection.readPulse({ cursor: 'e-1', now, lastHeard: now });
    return pass(100);
  };
  await hear(NOW + 500_000);
  expect(timeline.range.peek()?.oldest).toBe(NOW - 7 * DAY_MS);
  await hear(NOW + DAY_MS);
  expect(timeline.range.peek()?.oldest).toBe(NOW - 6 * DAY_MS);
  expect(timeline.scale.peek()?.from).toBe(NOW - 6 * DAY_MS);
});

it('of a moment that is forgotten while it is shown the scale still goes from the oldest to the present', async () => {
  answers = [counted(3)];
  stop = timeline.start();
  await pass(100);
  connection.past.value = { at: NOW - 7 * DAY_MS, lastHeard: null };
  oldestAt = NOW - 6 * DAY_MS;
  connection.readPulse({ cursor: 'e-1', now: NOW + DAY_MS, lastHeard: NOW + DAY_MS });
  await pass(100);
  expect(timeline.scale.peek()).toEqual({ from: NOW - 6 * DAY_MS, to: NOW + DAY_MS, span: 'all', isFollowing: true });
});

it('what could not be had is not asked for once nobody looks', async () => {
  answers = [busy];
  stop = timeline.start();
  await pass(100);
  const before = asked.length;
  stop();
  await pass(60_000);
  expect(asked.length).toBe(before);
});
