import { expect, test } from 'vitest';
import { formatUplinkProblem, parseUplinkAnswer, type UplinkAnswer } from '../../forwarder/uplink-answer.ts';

const raw = (status: number, body: unknown, retryAfter: string | null = null) => ({
  status,
  retryAfter,
  body: typeof body === 'string' ? body : JSON.stringify(body),
});

test.each<[string, ReturnType<typeof raw>, number | 'session', UplinkAnswer]>([
  ['a session', raw(200, { session: 4, protocol: 1, more: true }), 'session', { type: 'opened', session: 4 }],
  ['201 is a success too', raw(201, { session: 4 }), 'session', { type: 'opened', session: 4 }],
  [
    'a session that is no number',
    raw(200, { session: '4' }),
    'session',
    { type: 'lost', reason: 'its answer has no session; is it Hostview?' },
  ],
  ['a page instead', raw(200, '<!doctype html>'), 'session', { type: 'lost', reason: 'its answer is not JSON; is it Hostview?' }],
  ['an acceptance', raw(200, { number: 3, cursor: 'c', resync: false }), 3, { type: 'accepted', resync: false }],
  ['an acceptance that wants a sync', raw(200, { number: 3, cursor: null, resync: true }), 3, { type: 'accepted', resync: true }],
  ['an answer to another batch', raw(200, { number: 2 }), 3, { type: 'lost', reason: 'its answer is not for batch 3' }],
  [
    'a problem',
    raw(409, { code: 'gap', title: 'Gap', detail: 'expected 4' }),
    3,
    { type: 'refused', status: 409, code: 'gap', detail: 'expected 4', retryAfterMs: null },
  ],
  ['a proxy', raw(503, '<h1>no</h1>', '2'), 3, { type: 'refused', status: 503, code: null, detail: null, retryAfterMs: 2_000 }],
])('%s', (_what, answer, expected, parsed) => {
  expect(parseUplinkAnswer(answer, expected, 0)).toEqual(parsed);
});

test('every problem says where, and what to do', () => {
  const place = { edge: 'https://edge', cluster: 'lab' };
  const say = (status: number, code: string | null, detail: string | null = null): string =>
    formatUplinkProblem({ type: 'refused', status, code, detail, retryAfterMs: null }, place);
  expect(say(401, 'unauthorized')).toBe(
    'the edge https://edge does not accept the token for the cluster lab; check HOSTVIEW_TOKEN or --token-file, and whether it is registered there',
  );
  expect(say(404, 'unknown-cluster')).toBe('the edge https://edge does not know the cluster lab; register it there, or correct --cluster');
  expect(say(404, null)).toBe('the edge https://edge answers 404; check --edge and --cluster');
  expect(say(500, null)).toBe('the edge https://edge answers 500; changes are kept, trying again');
  expect(formatUplinkProblem({ type: 'lost', reason: 'connection refused' }, place)).toBe(
    'cannot reach the edge https://edge: connection refused; changes are kept, trying again',
  );
});
