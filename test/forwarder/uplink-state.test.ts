/** The uplink's machine: every answer in every phase, and what is done next (SPEC U1–U5). A missing cell does not compile. */
import { describe, expect, test } from 'vitest';
import { BATCH_INTERVAL_MS, HEARTBEAT_INTERVAL_MS, SYNC_PART_TARGET_BYTES } from '../../core/limits.ts';
import type { UplinkAnswer } from '../../forwarder/uplink-answer.ts';
import {
  ABANDON_AFTER_MS,
  ELECTED_SUPERSEDED_WAIT_MS,
  INITIAL_UPLINK_STATE,
  reactToAnswer,
  reopen,
  SLOW_RETRY_MS,
  selectStep,
  type UplinkState,
  type UplinkView,
} from '../../forwarder/uplink-state.ts';

const NOW = 100_000;
const moment = { now: NOW, random: 0.5 };
const opening = INITIAL_UPLINK_STATE;
const syncing: UplinkState = { ...opening, phase: 'syncing', session: 5, nextNumber: 3 };
const live: UplinkState = { ...opening, phase: 'live', session: 5, nextNumber: 8, liveSince: 90_000 };
const stopped: UplinkState = { ...live, phase: 'stopped' };

const refused = (status: number, code: string | null = null, retryAfterMs: number | null = null): UplinkAnswer => ({
  type: 'refused',
  status,
  code,
  detail: null,
  retryAfterMs,
});

describe('answers', () => {
  const ANSWERS = {
    opened: { type: 'opened', session: 6 },
    accepted: { type: 'accepted', resync: false },
    'accepted, resync': { type: 'accepted', resync: true },
    lost: { type: 'lost', reason: 'no answer' },
    superseded: refused(409, 'superseded'),
    gap: refused(409, 'gap'),
    'sync-required': refused(409, 'sync-required'),
    'other-cluster': refused(409, 'other-cluster'),
    protocol: refused(426, 'protocol'),
    '426 of a proxy': refused(426),
    unauthorized: refused(401, 'unauthorized'),
    'unknown-cluster': refused(404, 'unknown-cluster'),
    'too-large': refused(413, 'too-large'),
    'too-many-vms': refused(413, 'too-many-vms'),
    invalid: refused(400, 'invalid'),
    '429 with Retry-After': refused(429, null, 8_000),
    '429 with a Retry-After of nothing': refused(429, null, 0),
    '503': refused(503),
  } as const satisfies Record<string, UplinkAnswer>;

  /** The phase, the session (0: a new one is to be opened), and how long nothing is sent. */
  type Outcome = [phase: UplinkState['phase'], session: number, waitMs: number];
  /** Answers that mean the same in every phase. `again`: what is tried again keeps its phase and session. */
  const always = (phase: UplinkState['phase'], session: number) => {
    const again = (waitMs: number): Outcome => [phase, session, waitMs];
    return {
      opened: ['syncing', 6, 0],
      lost: again(125),
      superseded: ['opening', 0, SLOW_RETRY_MS * 1.25],
      gap: ['opening', 0, 0],
      'sync-required': ['opening', 0, 0],
      'other-cluster': ['stopped', session, 0],
      protocol: ['stopped', session, 0],
      '426 of a proxy': ['stopped', session, 0],
      unauthorized: ['opening', 0, SLOW_RETRY_MS * 1.5],
      'unknown-cluster': ['opening', 0, SLOW_RETRY_MS * 1.5],
      'too-large': ['opening', 0, 0],
      'too-many-vms': ['opening', 0, SLOW_RETRY_MS * 1.5],
      invalid: ['opening', 0, SLOW_RETRY_MS * 1.5],
      '429 with Retry-After': again(9_000),
      '429 with a Retry-After of nothing': again(125),
      '503': again(125),
    } as const satisfies Partial<Record<keyof typeof ANSWERS, Outcome>>;
  };
  const TABLE: Record<'opening' | 'syncing' | 'live', Record<keyof typeof ANSWERS, readonly [...Outcome]>> = {
    opening: { ...always('opening', 0), accepted: ['opening', 0, 0], 'accepted, resync': ['opening', 0, 0] },
    syncing: { ...always('syncing', 5), accepted: ['live', 5, 0], 'accepted, resync': ['opening', 0, 0] },
    live: { ...always('live', 5), accepted: ['live', 5, 0], 'accepted, resync': ['live', 5, 0] },
  };
  const STATES = { opening, syncing, live };
  const SENT = { opening: 'session', syncing: 'sync-commit', live: 'changes' } as const;

  for (const phase of ['opening', 'syncing', 'live'] as const) {
    test.each(Object.entries(TABLE[phase]))(`${phase}: %s`, (name, expected) => {
      const after = reactToAnswer(STATES[phase], SENT[phase], ANSWERS[name as keyof typeof ANSWERS], moment);
      expect([after.phase, after.session, Math.max(0, after.notBefore - NOW)]).toEqual(expected);
    });
  }

  test('a part of a sync leaves it under way; the commit ends it', () => {
    expect(reactToAnswer(syncing, 'sync-part', ANSWERS.accepted, moment)).toMatchObject({ phase: 'syncing', session: 5 });
    expect(reactToAnswer(syncing, 'sync-commit', ANSWERS.accepted, moment)).toMatchObject({ phase: 'live', liveSince: NOW });
  });

  test('lost answers wait ever longer, up to a bound; one that arrives ends the row', () => {
    let state = live;
    const waits = Array.from({ length: 10 }, () => {
      state = reactToAnswer(state, 'changes', ANSWERS.lost, moment);
      return state.notBefore - NOW;
    });
    expect(waits.slice(0, 4)).toEqual([125, 250, 500, 1_000]);
    expect(waits.at(-1)).toBe(5_000);
    expect(reactToAnswer(state, 'changes', ANSWERS.accepted, moment).failures).toBe(0);
  });

  test('a superseded forwarder waits twice as long each time, up to ten minutes, and starts anew after a long life', () => {
    let state = live;
    const waits = Array.from({ length: 7 }, () => {
      state = reactToAnswer(live.liveSince === null ? live : { ...state, liveSince: NOW }, 'changes', ANSWERS.superseded, moment);
      return (state.notBefore - NOW) / 1.25;
    });
    expect(waits).toEqual([30_000, 60_000, 120_000, 240_000, 480_000, 600_000, 600_000]);
    const lasted = reactToAnswer({ ...live, supersessions: 5, liveSince: NOW - 600_001 }, 'heartbeat', ANSWERS.accepted, moment);
    expect(lasted.supersessions).toBe(0);
  });

  test('one that holds a Lease waits for a second at first, and where it has to fight, as long as any other in the end', () => {
    let state: UplinkState = { ...live, supersededWaitMs: ELECTED_SUPERSEDED_WAIT_MS };
    const waits = Array.from({ length: 12 }, () => {
      state = reactToAnswer({ ...state, liveSince: NOW }, 'changes', ANSWERS.superseded, moment);
      return (state.notBefore - NOW) / 1.25 / 1_000;
    });
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 600, 600]);
  });

  test('drift is repaired at once the first time, and ever later when it comes back soon (U5)', () => {
    const first = reactToAnswer(live, 'changes', ANSWERS['accepted, resync'], moment);
    expect(first).toMatchObject({ phase: 'live', resyncAt: NOW, drifts: 1 });
    const again = reactToAnswer({ ...first, resyncAt: null }, 'changes', ANSWERS['accepted, resync'], moment);
    expect(again).toMatchObject({ resyncAt: NOW + 7_500, drifts: 2 });
    const many = reactToAnswer({ ...again, drifts: 50, resyncAt: null }, 'changes', ANSWERS['accepted, resync'], moment);
    expect((many.resyncAt ?? 0) - NOW).toBe(450_000);
    const later = { now: NOW + 600_001, random: 0.5 };
    expect(reactToAnswer({ ...many, resyncAt: null }, 'changes', ANSWERS['accepted, resync'], later).drifts).toBe(1);
  });

  test('a repair that is planned is not put off by further drift', () => {
    const planned = { ...live, drifts: 3, lastDriftAt: NOW, resyncAt: NOW + 1_000 };
    expect(reactToAnswer(planned, 'heartbeat', ANSWERS['accepted, resync'], moment).resyncAt).toBe(NOW + 1_000);
  });

  test('too large: smaller parts each time; when they cannot be smaller, slowly', () => {
    let state = live;
    for (let turn = 0; turn < 10; turn += 1) state = reactToAnswer(state, 'sync-part', ANSWERS['too-large'], moment);
    expect(state.partBytes).toBe(16_384);
    expect(state.notBefore - NOW).toBe(SLOW_RETRY_MS * 1.5);
    expect(reactToAnswer(live, 'sync-part', ANSWERS['too-large'], moment).partBytes).toBe(SYNC_PART_TARGET_BYTES / 2);
  });
});

test('too many parts: larger ones, slowly, and never larger than the room takes', () => {
  const small = { ...syncing, partBytes: 20_000 };
  const after = reactToAnswer(small, 'sync-part', refused(413, 'too-many-parts'), moment);
  expect([after.phase, after.partBytes, after.notBefore - NOW]).toEqual(['opening', 40_000, SLOW_RETRY_MS * 1.5]);
  expect(reactToAnswer(syncing, 'sync-part', refused(413, 'too-many-parts'), moment).partBytes).toBe(SYNC_PART_TARGET_BYTES);
});

describe('the next step', () => {
  const view: UplinkView = {
    isWatched: true,
    maySend: true,
    unansweredSince: null,
    syncReadySince: NOW - 1_000,
    hasChanges: false,
    lastSentAt: NOW - 1_000,
    provenAt: null,
    probeNotBefore: 0,
  };
  const due = { ...view, lastSentAt: NOW - HEARTBEAT_INTERVAL_MS };
  type Row = [what: string, state: UplinkState, view: UplinkView, step: string];
  const ROWS: Row[] = [
    ['a session, once the cluster is watched', opening, view, 'open'],
    ['nothing while it is not watched', opening, { ...view, isWatched: false }, 'nothing'],
    ['nothing while it is not watched, though changes wait', live, { ...view, isWatched: false, hasChanges: true }, 'nothing'],
    ['no retry while it is not watched', live, { ...view, isWatched: false, unansweredSince: NOW }, 'nothing'],
    ['nothing while another replica may lead, though changes wait', live, { ...view, maySend: false, hasChanges: true }, 'nothing'],
    ['no session while another replica may lead', opening, { ...view, maySend: false }, 'nothing'],
    ['no retry while another replica may lead', live, { ...view, maySend: false, unansweredSince: NOW }, 'nothing'],
    ['nothing at all when stopped', stopped, { ...view, hasChanges: true }, 'nothing'],
    ['waits out a backoff, though changes wait', { ...live, notBefore: NOW + 70 }, { ...view, hasChanges: true }, 'wait 70'],
    ['the unanswered batch before anything else', live, { ...view, unansweredSince: NOW - 10, hasChanges: true }, 'retry'],
    ['the unanswered part of a sync', syncing, { ...view, unansweredSince: NOW - 10 }, 'retry'],
    ['a new session instead of an old batch', live, { ...view, unansweredSince: NOW - ABANDON_AFTER_MS - 1 }, 'reopen'],
    ['the next part of the sync, whatever has changed', syncing, { ...view, hasChanges: true }, 'sync'],
    ['a new session instead of parts that waited too long', syncing, { ...view, syncReadySince: NOW - ABANDON_AFTER_MS - 1 }, 'reopen'],
    ['parts that waited in a session that is live mean nothing', live, { ...view, syncReadySince: 0, hasChanges: true }, 'changes'],
    ['changes at once', live, { ...view, hasChanges: true }, 'changes'],
    ['changes 50 ms after the last batch', live, { ...view, hasChanges: true, lastSentAt: NOW - 10 }, `wait ${BATCH_INTERVAL_MS - 10}`],
    ['changes exactly 50 ms after', live, { ...view, hasChanges: true, lastSentAt: NOW - BATCH_INTERVAL_MS }, 'changes'],
    ['waits for the next heartbeat', live, view, `wait ${HEARTBEAT_INTERVAL_MS - 1_000}`],
    ['asks the API server before a heartbeat', live, due, 'probe'],
    ['a heartbeat once it has answered', live, { ...due, provenAt: NOW }, 'heartbeat'],
    ['asks again when the answer is old', live, { ...due, provenAt: NOW - 5_000 }, 'probe'],
    ['nothing while it is being asked', live, { ...due, probeNotBefore: null }, 'nothing'],
    ['changes while it is being asked', live, { ...due, probeNotBefore: null, hasChanges: true }, 'changes'],
    ['no heartbeat where it did not answer', live, { ...due, probeNotBefore: NOW + 2_000 }, 'wait 2000'],
    ['a planned repair', { ...live, resyncAt: NOW }, { ...view, hasChanges: true }, 'reopen'],
    ['changes until then', { ...live, resyncAt: NOW + 100 }, { ...view, hasChanges: true }, 'changes'],
    ['wakes for the repair', { ...live, resyncAt: NOW + 100 }, view, 'wait 100'],
  ];
  test.each(ROWS)('%s', (_what, state, around, expected) => {
    const step = selectStep(state, around, NOW);
    expect(step.do === 'wait' ? `wait ${step.until - NOW}` : step.do).toBe(expected);
  });

  test('a session that is given up leaves no trace but what must be remembered', () => {
    expect(reopen({ ...live, drifts: 3, supersessions: 2, resyncAt: 5 })).toEqual({ ...opening, drifts: 3, supersessions: 2 });
  });
});
