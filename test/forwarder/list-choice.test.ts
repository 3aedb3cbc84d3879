import { describe, expect, test } from 'vitest';
import type { KubeFailure } from '../../forwarder/kube-failure.ts';
import {
  chooseList,
  INITIAL_STREAM_MEMORY,
  judgeStream,
  PAGES_FOR_MS,
  rememberStream,
  type StreamOutcome,
} from '../../forwarder/list-choice.ts';

const status = (code: number): KubeFailure => ({ kind: 'status', status: code, message: '', retryAfterMs: null });
const after = (...outcomes: readonly StreamOutcome[]) =>
  outcomes.reduce((memory, outcome) => rememberStream(memory, outcome, 1_000), INITIAL_STREAM_MEMORY);

test('a stream is asked for first', () => {
  expect(chooseList(INITIAL_STREAM_MEMORY, 0)).toBe('stream');
});

test.each<[readonly StreamOutcome[], 'stream' | 'pages']>([
  [['synced'], 'stream'],
  [['cannot'], 'pages'],
  [['broken'], 'stream'],
  [['broken', 'broken'], 'pages'],
  [['broken', 'synced', 'broken'], 'stream'],
  [['broken', 'unrelated', 'broken'], 'pages'],
  [['unrelated', 'unrelated', 'unrelated'], 'stream'],
])('after %j: %s', (outcomes, expected) => {
  expect(chooseList(after(...outcomes), 1_000)).toBe(expected);
});

test.each<[readonly StreamOutcome[]]>([[['cannot']], [['broken', 'broken']]])(
  'after %j a stream is asked for again an hour later',
  (outcomes) => {
    expect(chooseList(after(...outcomes), 1_000 + PAGES_FOR_MS - 1)).toBe('pages');
    expect(chooseList(after(...outcomes), 1_000 + PAGES_FOR_MS)).toBe('stream');
    // One broken stream is then no more than one.
    expect(chooseList(rememberStream(after(...outcomes), 'broken', 1_000 + PAGES_FOR_MS), 1_000 + PAGES_FOR_MS)).toBe('stream');
  },
);

describe('what an end says', () => {
  test.each<[string, KubeFailure, { isAccepted: boolean; isEndless: boolean }, StreamOutcome]>([
    ['the gate is off', status(422), { isAccepted: false, isEndless: false }, 'cannot'],
    ['a server that knows it not at all', status(400), { isAccepted: false, isEndless: false }, 'cannot'],
    ['a server that fails', status(500), { isAccepted: false, isEndless: false }, 'broken'],
    ['a cache that is not fresh', status(504), { isAccepted: false, isEndless: false }, 'broken'],
    ['a server that is busy', status(429), { isAccepted: false, isEndless: false }, 'unrelated'],
    ['a server that starts', status(503), { isAccepted: false, isEndless: false }, 'unrelated'],
    ['a right that is missing', status(403), { isAccepted: false, isEndless: false }, 'unrelated'],
    ['a kind that is missing', status(404), { isAccepted: false, isEndless: false }, 'unrelated'],
    ['nobody there', { kind: 'unreachable', reason: '' }, { isAccepted: false, isEndless: true }, 'unrelated'],
    ['a connection that breaks off', { kind: 'unreachable', reason: '' }, { isAccepted: true, isEndless: false }, 'broken'],
    ['an error event', status(410), { isAccepted: true, isEndless: false }, 'broken'],
    ['objects, then silence', { kind: 'silent', silentMs: 1 }, { isAccepted: true, isEndless: true }, 'cannot'],
    ['objects, then a plain bookmark', { kind: 'malformed', detail: '' }, { isAccepted: true, isEndless: true }, 'cannot'],
  ])('%s', (_what, failure, how, expected) => {
    expect(judgeStream({ failure, ...how })).toBe(expected);
  });
});
