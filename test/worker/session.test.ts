import { describe, expect, test } from 'vitest';
import { PROTOCOL_VERSION } from '../../core/protocol-version.ts';
import type { Batch, BatchAnswer } from '../../core/uplink.ts';
import {
  type BatchVerdict,
  isPrompt,
  judgeBatch,
  judgeDigest,
  NO_DRIFT,
  newestSession,
  openSession,
  type SessionRow,
} from '../../worker/session.ts';

const ANSWER: BatchAnswer = { number: 4, cursor: 'e-9', resync: false };
const ROW: SessionRow = {
  session: 7,
  number: 4,
  answer: ANSWER,
  synced: true,
  clusterUid: 'uid-a',
  revision: 9,
  frameAt: 1_000,
  lastHeard: 1_000,
  digest: '0000000000000000',
  hostCount: 3,
  vmCount: 5,
  drift: NO_DRIFT,
  log: { checkpoint: { at: 500, bytes: 100 }, bytesSince: 40 },
  endCount: 2,
  forgotten: { overAt: 0, createdAt: 0 },
};

/** What may be said of a session when a batch comes, and what the room does: each cell is a decision. */
type Situation = 'before any batch' | 'syncing' | 'synced';
type Kind = Batch['kind'];
const ROWS: Record<Situation, SessionRow> = {
  'before any batch': { ...ROW, number: 0, answer: null, synced: false },
  syncing: { ...ROW, synced: false },
  synced: ROW,
};
const NEXT: Record<Situation, Record<Kind, string>> = {
  'before any batch': { 'sync-part': 'take', 'sync-commit': 'take', changes: 'sync-required', heartbeat: 'sync-required' },
  syncing: { 'sync-part': 'take', 'sync-commit': 'take', changes: 'sync-required', heartbeat: 'sync-required' },
  synced: { 'sync-part': 'sync-required', 'sync-commit': 'sync-required', changes: 'take', heartbeat: 'take' },
};
const nameOf = (verdict: BatchVerdict): string => (verdict.verdict === 'refuse' ? verdict.refusal.code : verdict.verdict);

describe('a batch', () => {
  for (const [situation, kinds] of Object.entries(NEXT) as [Situation, Record<Kind, string>][]) {
    test.each(Object.entries(kinds) as [Kind, string][])(`U3: ${situation}, the next one of kind %s: %s`, (kind, expected) => {
      const row = ROWS[situation];
      expect(nameOf(judgeBatch(row, { session: 7, number: row.number + 1, kind }))).toBe(expected);
    });
  }

  test('U2: a retry gets the same answer', () => {
    expect(judgeBatch(ROW, { session: 7, number: 4, kind: 'changes' })).toEqual({ verdict: 'answer-again', answer: ANSWER });
  });

  test.each([1, 3, 6, 100])('U2: number %i where 5 is next is a gap that says so', (number) => {
    expect(judgeBatch(ROW, { session: 7, number, kind: 'changes' })).toMatchObject({
      verdict: 'refuse',
      refusal: { code: 'gap', extra: { expected: 5 } },
    });
  });

  test('U1: an older session is superseded, even where it retries', () => {
    expect(nameOf(judgeBatch(ROW, { session: 6, number: 4, kind: 'changes' }))).toBe('superseded');
  });

  test('a session that the room never handed out has to be opened', () => {
    expect(nameOf(judgeBatch(ROW, { session: 8, number: 1, kind: 'sync-part' }))).toBe('sync-required');
  });
});

describe('opening a session', () => {
  const request = { protocol: PROTOCOL_VERSION, clusterUid: 'uid-a', forwarder: '0.1.0' };

  test('U1: hands out the next number; the picture stays, what was synced does not count', () => {
    const opened = openSession(ROW, request);
    expect(opened).toMatchObject({ ok: true, value: { opened: { session: 8, protocol: PROTOCOL_VERSION } } });
    expect(opened.ok && opened.value.row).toEqual({ ...ROW, session: 8, number: 0, answer: null, synced: false });
    expect(opened.ok && opened.value.opened.accepts).toEqual(['progress', 'labels']);
  });

  test('U1: the first session pins the cluster, another cluster is refused', () => {
    const first = openSession({ ...ROW, clusterUid: null }, request);
    expect(first.ok && first.value.row.clusterUid).toBe('uid-a');
    expect(openSession(ROW, { ...request, clusterUid: 'uid-b' })).toMatchObject({ ok: false, error: { code: 'other-cluster' } });
  });

  test.each([
    [0, /Upgrade the forwarder/],
    [PROTOCOL_VERSION + 1, /Upgrade the edge/],
  ])('U8: protocol %i is refused with what to upgrade', (protocol, advice) => {
    expect(openSession(ROW, { ...request, protocol })).toMatchObject({
      ok: false,
      error: { code: 'protocol', detail: expect.stringMatching(advice) },
    });
  });
});

describe('U5: drift', () => {
  test('equal digests ask for nothing and count nothing', () => {
    expect(judgeDigest(NO_DRIFT, true, 5)).toEqual({ drift: NO_DRIFT, resync: false });
  });

  test('asks at once, then at growing intervals up to ten minutes, and counts every one', () => {
    let drift = NO_DRIFT;
    let now = 10_000_000;
    const asked: number[] = [];
    for (let second = 0; second < 4 * 3_600; second += 10) {
      now += 10_000;
      const judged = judgeDigest(drift, false, now);
      if (judged.resync) asked.push(second);
      drift = judged.drift;
    }
    expect(asked.slice(0, 5)).toEqual([0, 10, 30, 70, 150]);
    const waits = asked.slice(1).map((at, index) => at - (asked[index] ?? 0));
    expect(Math.max(...waits)).toBe(600);
    expect(drift.count).toBe(4 * 360);
  });

  test('a clock that was a day ahead and is set back does not make it deaf for a day', () => {
    const { drift } = judgeDigest(NO_DRIFT, false, 90_000_000);
    expect(judgeDigest(drift, false, 3_600_000).resync).toBe(true);
  });

  test('after an hour of peace it is a new story', () => {
    const drift = { count: 40, streak: 9, lastAt: 0, askAgainAt: 600_000 };
    expect(judgeDigest(drift, false, 3_600_001).drift).toMatchObject({ count: 41, streak: 1 });
  });
});

describe('H6: what a batch tells is told as it happened', () => {
  test.each<[string, heardBefore: number | null | undefined, lastHeard: number | null, isSo: boolean]>([
    ['with the heartbeats, and one that is late', 75_000, 85_000, true],
    ['not where one was missed', 74_999, 84_999, false],
    ['nor after one that came late, and can be an old one', 74_999, 90_000, false],
    ['nor where nothing was ever told', null, null, false],
    ['after the first batch', null, 99_000, true],
    ['in a row that does not know the one before', undefined, 99_000, true],
    ['where the clock was set back', 160_000, 170_000, true],
  ])('%s', (_name, heardBefore, lastHeard, isSo) => {
    expect(isPrompt({ lastHeard, ...(heardBefore !== undefined && { heardBefore }) }, 100_000)).toBe(isSo);
  });
});

describe('U6: of the two stored rows the newer one counts', () => {
  const rowOf = (session: number, number: number): SessionRow => ({ ...ROW, session, number });
  test.each<[string, [number, number], [number, number], [number, number]]>([
    ['a frame was the last', [7, 4], [7, 5], [7, 5]],
    ['a heartbeat came after the frame', [7, 6], [7, 5], [7, 6]],
    ['another session has opened since', [8, 0], [7, 5], [8, 0]],
    ['its sync made a frame', [8, 1], [8, 2], [8, 2]],
    ['the own row is of a session before', [6, 9], [7, 2], [7, 2]],
  ])('%s', (_name, own, ofFrame, expected) => {
    expect(newestSession(rowOf(...own), rowOf(...ofFrame))).toEqual(rowOf(...expected));
  });

  test('a room without a frame has one row', () => {
    expect(newestSession(ROW, null)).toBe(ROW);
  });
});
