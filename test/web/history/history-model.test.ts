import { type Signal, signal } from '@preact/signals';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Result } from '../../../core/result.ts';
import { createHistoryModel, type HistoryModel } from '../../../web/history/history-model.ts';
import { createPastOpening, isPastAwaited, type PastOpening } from '../../../web/history/past-opening.ts';
import { type PageState, PLAIN_STATE } from '../../../web/page/page-state.ts';
import type { PageStateModel } from '../../../web/page/page-state-model.ts';
import type { Changes } from '../../../web/rendering/frame.ts';
import type { ClusterSession } from '../../../web/stream/cluster-session.ts';
import { createConnectionModel, type Past } from '../../../web/stream/connection-model.ts';
import { createPastLog, loggedVm, type PastLog } from '../../support/past-log.ts';

const NOW = 100_000;
/** Ten frames, a second apart. */
const log: PastLog = createPastLog(
  Array.from({ length: 10 }, (_, index) => ({ at: 10_000 + index * 1_000, vms: [loggedVm('ubuntu', `host-${index % 2}`)] })),
);

let asked: string[];
/** What the room answers instead; undefined: what is so. */
let refusal: ((path: string) => Response | Promise<Response> | undefined) | undefined;
let state: Signal<PageState>;
let connection: ReturnType<typeof createConnectionModel>;
let hasPicture: Signal<boolean>;
let painted: (Changes | 'present')[];
let opening: PastOpening;
let history: HistoryModel;
let stops: (() => void)[];

const problem = (status: number, code: string, retryAfter: string | null = null): Response =>
  new Response(JSON.stringify({ code }), { status, headers: retryAfter === null ? {} : { 'retry-after': retryAfter } });
const pass = (ms = 0): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);
const at = (): number | null => connection.past.peek()?.at ?? null;
const go = (change: Partial<PageState>): void => {
  state.value = { ...state.peek(), ...change };
};

async function answer(address: string): Promise<Response> {
  const url = new URL(address, 'http://edge');
  const rest = url.pathname.replace('/api/v1/clusters/lab', '');
  const path = `${rest}${url.search}`;
  asked.push(path);
  const refused = await refusal?.(path);
  if (refused !== undefined) return refused;
  const { searchParams: query } = url;
  if (rest === '/migrations')
    return Response.json({ now: NOW, running: [], finished: [{ outcome: 'failed', endedAt: 15_001, recordedAt: 15_001 }], next: null });
  const found: Result<object, unknown> =
    rest === '/frames'
      ? await log.frames(query.get('from') ?? '', Number(query.get('limit')))
      : await log.snapshot(Number(query.get('at')));
  return found.ok ? Response.json(found.value) : problem(404, 'out-of-range');
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance', 'requestAnimationFrame', 'cancelAnimationFrame'] });
  asked = [];
  painted = [];
  refusal = undefined;
  vi.stubGlobal('fetch', answer);
  vi.stubGlobal('requestAnimationFrame', (run: () => void) => setTimeout(run, 16));
  vi.stubGlobal('cancelAnimationFrame', clearTimeout);
  vi.stubGlobal('document', { documentElement: { toggleAttribute: () => {}, removeAttribute: () => {} } });
  state = signal<PageState>(PLAIN_STATE);
  hasPicture = signal(true);
  connection = createConnectionModel(() => performance.now(), hasPicture);
  connection.readSnapshot({ now: NOW, lastHeard: 19_000 });
  const session = {
    name: 'lab',
    cluster: { hasPicture },
    connection,
    paintPast(changes: Changes, past: Past) {
      painted.push(changes);
      connection.past.value = past;
    },
    paintPresent() {
      if (connection.past.peek() !== null) painted.push('present');
      connection.past.value = null;
    },
  } as unknown as ClusterSession;
  const pageState = { state, go, adjust: go, addressOf: () => '' } as unknown as PageStateModel;
  opening = createPastOpening(session, pageState);
  history = createHistoryModel(session, pageState, opening);
  stops = [opening.start(), history.start()];
});
afterEach(() => {
  for (const stop of stops) stop();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

describe('whether a picture may be shown', () => {
  it('not where a link names a moment, until that was painted; and the present where the reader had it before', async () => {
    expect(isPastAwaited({ at: 1, wall: null })).toBe(false);
    for (const stop of stops) stop();
    go({ at: 12_000 });
    expect(isPastAwaited(state.value)).toBe(true);
    stops = [opening.start(), history.start()];
    expect(isPastAwaited(state.value)).toBe(true);
    expect(isPastAwaited({ ...state.value, wall: 20 })).toBe(false);
    // What the page hears meanwhile is of the present.
    connection.readState({ name: 'live', attempt: 0, since: 0 });
    expect(connection.badge.peek().kind).toBe('past');
    await pass(200);
    expect([at(), isPastAwaited(state.value), connection.badge.peek().kind]).toEqual([12_000, false, 'past']);
    history.live();
    // Nobody has been heard for the while that passed here.
    expect([isPastAwaited(state.value), connection.badge.peek().kind]).toEqual([false, 'stale']);
  });
});

it('the badge says why there is no picture at all, whatever the address asks for', () => {
  for (const stop of stops) stop();
  go({ at: 12_000 });
  hasPicture.value = false;
  stops = [opening.start(), history.start()];
  connection.readState({ name: 'reconnecting', attempt: 1, until: 1, trouble: 'network', next: 'load' });
  expect([connection.badge.peek().kind, isPastAwaited(state.value)]).toEqual(['reconnecting', true]);
  hasPicture.value = true;
  expect(connection.badge.peek().kind).toBe('past');
});

describe('what is asked for last wins', () => {
  it('a moment is not shown that the address took back before it was followed', async () => {
    for (const stop of stops) stop();
    opening.isOpen.value = true;
    history.show(12_000);
    go({ at: null });
    stops = [opening.start(), history.start()];
    await pass(500);
    expect([at(), painted]).toEqual([null, []]);
  });

  it('the last failure is not shown to who has gone back to the present while it was looked for', async () => {
    opening.isOpen.value = true;
    let release = (_: Response | undefined): void => {};
    refusal = (path) =>
      path.startsWith('/migrations')
        ? new Promise((resolve) => {
            release = resolve as typeof release;
          })
        : undefined;
    for (const goElsewhere of [history.live, () => history.show(12_000), () => history.step(-1)]) {
      const why = history.showLastFailure();
      await pass();
      goElsewhere();
      release(undefined);
      expect(await why).toBeNull();
      await pass(2_000);
      expect(at()).not.toBe(15_000);
    }
    refusal = undefined;
    const found = history.showLastFailure();
    await pass(2_000);
    expect(await found).toBe(15_000);
    expect([at(), state.value.at]).toEqual([15_000, 15_000]);
  });

  it('closed under a hand that has not settled, the scrubber leaves the present', async () => {
    opening.toggle();
    history.drag(12_000);
    await pass(200);
    expect([at(), state.value.at]).toEqual([12_000, null]);
    history.drag(13_000);
    opening.toggle();
    await pass(2_000);
    expect([at(), opening.isShown.value]).toEqual([null, false]);
  });
});

it('whoever leaves finds the present, and the moment again when they come back to it', async () => {
  history.show(12_000);
  await pass(200);
  stops.pop()?.();
  expect([at(), painted.at(-1)]).toEqual([null, 'present']);
  // The address has not changed meanwhile.
  stops.push(history.start());
  await pass(200);
  expect(at()).toBe(12_000);
});

describe('a moment that cannot be had', () => {
  it('does not stand in the address beside what is shown instead, and is told', async () => {
    const oldest = 10_000;
    history.show(oldest - 1);
    await pass(200);
    expect([at(), state.value.at, history.problem.value]).toMatchObject([null, null, { kind: 'missing', at: oldest - 1 }]);
    expect(opening.isShown.value).toBe(true);
    history.show(12_000);
    await pass(200);
    history.show(oldest - 1);
    await pass(200);
    expect([at(), state.value.at, history.problem.value]).toMatchObject([12_000, 12_000, { kind: 'missing', at: oldest - 1 }]);
    history.show(oldest);
    await pass(200);
    expect([at(), state.value.at, history.problem.value]).toEqual([oldest, oldest, null]);
  });

  it('stays in the address where it keeps the picture away', async () => {
    for (const stop of stops) stop();
    go({ at: 9_999 });
    stops = [opening.start(), history.start()];
    await pass(200);
    expect([at(), state.value.at, isPastAwaited(state.value)]).toEqual([null, 9_999, true]);
  });
});

describe('a step', () => {
  beforeEach(async () => {
    history.show(15_000);
    await pass(200);
  });

  it('that is refused for too many reads is taken when the room says', async () => {
    refusal = () => problem(429, 'too-many-reads', '3');
    history.step(1);
    await pass(100);
    expect(history.problem.value).toMatchObject({ kind: 'later', why: 'busy' });
    const count = asked.length;
    refusal = undefined;
    await pass(2_800);
    expect(asked).toHaveLength(count);
    await pass(300);
    expect([at(), history.problem.value]).toEqual([16_000, null]);
  });

  it('is taken at once by who asks again', async () => {
    refusal = () => problem(503, 'unavailable', '60');
    history.step(1);
    await pass(100);
    refusal = undefined;
    history.retry();
    await pass(100);
    expect([at(), history.problem.value]).toEqual([16_000, null]);
  });

  it('that is refused for good is not asked for again by those behind it', async () => {
    refusal = () => problem(401, 'login-required');
    const count = asked.length;
    for (let presses = 0; presses < 3; presses++) history.step(1);
    await pass(5_000);
    expect(history.problem.value?.kind).toBe('refused');
    expect(asked).toHaveLength(count + 1);
  });
});

describe('a film', () => {
  it('waits for a room that is read too often, and goes on to the present', async () => {
    history.show(14_000);
    await pass(200);
    refusal = () => problem(429, 'too-many-reads', '2');
    history.play(10);
    await pass(500);
    expect([at(), history.rate.value]).toEqual([14_000, 10]);
    refusal = undefined;
    await pass(10_000);
    expect([at(), history.rate.value, history.problem.value]).toEqual([null, null, null]);
  });

  it('is one act, however many of its frames are shown, as is whatever else moves the moment or holds it', async () => {
    history.show(10_000);
    await pass(200);
    history.play(10);
    const begun = history.acts.value;
    await pass(400);
    expect([at() !== 10_000, history.acts.value]).toEqual([true, begun]);
    const { step, drag, pause, live, show, showLastFailure } = history;
    for (const act of [() => step(-1), () => drag(12_000), pause, live, live, () => show(12_000), () => void showLastFailure()]) {
      const before = history.acts.value;
      act();
      expect(history.acts.value, String(act)).toBeGreaterThan(before);
    }
  });

  it('holds on to no picture that it has shown', async () => {
    history.show(10_000);
    await pass(200);
    const add = vi.spyOn(AbortSignal.prototype, 'addEventListener');
    const remove = vi.spyOn(AbortSignal.prototype, 'removeEventListener');
    history.play(10);
    await pass(700);
    expect(at()).toBeGreaterThanOrEqual(15_000);
    expect(add.mock.calls.length - remove.mock.calls.length).toBeLessThanOrEqual(1);
    expect(add.mock.calls.length).toBeGreaterThan(3);
  });
});
