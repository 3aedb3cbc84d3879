/** Whom progress is sent to, and what becomes of it there (SPEC U8, U9). */
import { describe, expect, test } from 'vitest';
import { Inventory } from '../../../core/derive/inventory.ts';
import type { Progress } from '../../../core/progress.ts';
import { ok } from '../../../core/result.ts';
import type { EdgeAnswer, EdgeClient } from '../../../forwarder/edge-client.ts';
import { sendProgress } from '../../../forwarder/progress/progress-sender.ts';
import { parseUplinkAnswer } from '../../../forwarder/uplink-answer.ts';
import { UplinkSender } from '../../../forwarder/uplink-sender.ts';
import { ManualClock } from '../manual-clock.ts';

const PROGRESS: Progress = { vm: 'default/web', migration: 'm-1', percent: 5 };
const answerOf = (body: object, status = 200, retryAfter: string | null = null): EdgeAnswer => ({
  ok: true,
  raw: { status, retryAfter, body: JSON.stringify(body) },
});
const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 50; turn++) await Promise.resolve();
};

/** A sender whose room opens session 7. */
async function live(accepts: unknown) {
  const picture = {
    inventory: new Inventory(),
    isWatched: true,
    readClusterUid: async () => ok('uid'),
    isAnswering: async () => true,
  };
  const state = { maySend: true };
  const line = (): void => {};
  const seats: unknown[] = [];
  const edge: EdgeClient = {
    post: async (path, { bytes }) => {
      seats.push(sender.progressSeat);
      if (path === 'sessions') return answerOf({ session: 7, protocol: 2, accepts });
      return answerOf({ number: JSON.parse(String(bytes)).number, cursor: null, resync: false });
    },
    close: async () => {},
  };
  const stopping = new AbortController();
  const sender = new UplinkSender({
    place: { edge: 'https://edge', cluster: 'lab' },
    edge,
    readToken: () => ok('the-token'),
    picture,
    maySend: () => state.maySend,
    forwarderVersion: 'test',
    clock: new ManualClock(),
    random: () => 0.5,
    log: { debug: line, info: line, warn: line, error: line },
  });
  const done = sender.run(stopping.signal);
  await settle();
  const stop = async (): Promise<void> => {
    stopping.abort();
    await done;
  };
  return { sender, picture, state, seats, stop };
}

describe('the seat', () => {
  test('is there once the sync was committed, and while the picture is the present and this replica may speak', async () => {
    const { sender, picture, state, seats, stop } = await live(['something', 'progress']);
    expect(sender.status.phase).toBe('live');
    expect(seats).toEqual(seats.map(() => null));
    expect(sender.progressSeat).toEqual({ session: 7, token: 'the-token' });
    picture.isWatched = false;
    expect(sender.progressSeat).toBeNull();
    picture.isWatched = true;
    state.maySend = false;
    expect(sender.progressSeat).toBeNull();
    await stop();
  });

  test.each([undefined, [], ['something'], 'progress', [7]])(
    'U8: a room that does not say that it takes progress is sent none: %j',
    async (accepts) => {
      const { sender, stop } = await live(accepts);
      expect(sender.status.phase).toBe('live');
      expect(sender.progressSeat).toBeNull();
      await stop();
    },
  );

  test('an answer of a room that knows nothing of it is what it always was', () => {
    const raw = { status: 200, retryAfter: null, body: '{"session":7,"protocol":2}' };
    expect(parseUplinkAnswer(raw, 'session', 0)).toEqual({ type: 'opened', session: 7 });
  });
});

describe('what is sent', () => {
  const seat = { session: 7, token: 'the-token' };
  function edgeThat(answer: EdgeAnswer) {
    const posts: unknown[] = [];
    const edge: EdgeClient = {
      post: async (path, { bytes }, token) => {
        posts.push([path, JSON.parse(String(bytes)), token]);
        return answer;
      },
      close: async () => {},
    };
    return { edge, posts };
  }
  const send = (edge: EdgeClient, clock: ManualClock, signal = new AbortController().signal): Promise<void> =>
    sendProgress({ edge, seat, clock }, [PROGRESS], signal);

  test('is a report of the session, and the next may follow at once, whatever was answered', async () => {
    for (const answer of [answerOf({}), answerOf({ code: 'superseded' }, 409), answerOf({}, 404), { ok: false, reason: 'gone' } as const]) {
      const { edge, posts } = edgeThat(answer);
      await send(edge, new ManualClock());
      expect(posts).toEqual([['progress', { session: 7, progress: [PROGRESS] }, 'the-token']]);
    }
  });

  test('waits where the edge asks for it', async () => {
    const clock = new ManualClock();
    let isDone = false;
    void send(edgeThat(answerOf({}, 429, '20')).edge, clock).then(() => {
      isDone = true;
    });
    await settle();
    clock.advance(19_999);
    await settle();
    expect(isDone).toBe(false);
    clock.advance(1);
    await settle();
    expect(isDone).toBe(true);
  });
});
