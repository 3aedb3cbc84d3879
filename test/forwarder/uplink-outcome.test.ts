/** Every answer of the room: what it is counted as, what is said, and what is done about it. A code without a row does not compile. */
import { describe, expect, test } from 'vitest';
import type { ProblemCode } from '../../core/uplink.ts';
import { formatUplinkProblem, type UplinkAnswer } from '../../forwarder/uplink-answer.ts';
import { outcomeOf, UPLINK_OUTCOMES, UPLINK_REFUSALS } from '../../forwarder/uplink-outcome.ts';
import { INITIAL_UPLINK_STATE, reactToAnswer, type UplinkState } from '../../forwarder/uplink-state.ts';
import { formatProblem } from '../../worker/problem.ts';

const PLACE = { edge: 'https://edge', cluster: 'lab' };
const live: UplinkState = { ...INITIAL_UPLINK_STATE, phase: 'live', session: 5, nextNumber: 8, liveSince: 0 };
const refused = (status: number, code: string | null): UplinkAnswer & { type: 'refused' } => ({
  type: 'refused',
  status,
  code,
  detail: null,
  retryAfterMs: null,
});

/**
 * `again`: the same batch a moment later. `sync`: a new session at once. `smaller`: that, with smaller parts. `slowly`: a new session after
 * 30 s and more. `never`: only a person can help.
 */
type Reaction = 'again' | 'sync' | 'smaller' | 'slowly' | 'never';
function reactionTo(answer: UplinkAnswer): Reaction {
  const after = reactToAnswer(live, 'changes', answer, { now: 1_000, random: 0.5 });
  if (after.phase === 'stopped') return 'never';
  if (after.session === live.session) return 'again';
  if (after.notBefore - 1_000 >= 30_000) return 'slowly';
  return after.partBytes < live.partBytes ? 'smaller' : 'sync';
}

/** `elsewhere`: only what is asked by people and pages is answered so. */
const TABLE: Record<ProblemCode, readonly [Reaction, RegExp] | 'elsewhere'> = {
  superseded: ['slowly', /another forwarder has taken over .* this one waits/],
  gap: ['sync', /lost the thread .*\(gap\); sending everything again/],
  'sync-required': ['sync', /lost the thread .*\(sync-required\); sending everything again/],
  'other-cluster': ['never', /belongs to another Kubernetes cluster .* under a name of its own/],
  protocol: ['never', /does not speak this forwarder's protocol.* upgrade the forwarder/],
  unauthorized: ['slowly', /does not accept the token .* check HOSTVIEW_TOKEN or --token-file/],
  'unknown-cluster': ['slowly', /does not know the cluster lab; register it/],
  'too-large': ['smaller', /finds a batch too large; sending smaller ones/],
  'too-many-parts': ['slowly', /a sync in so many parts; sending larger ones/],
  'too-many-vms': ['slowly', /cluster as large as lab \(too-many-vms\)/],
  'too-many-hosts': ['slowly', /cluster as large as lab \(too-many-hosts\)/],
  'too-many-entities': ['smaller', /too many entities in one batch; sending smaller ones/],
  'too-many-batches': ['again', /takes no more batches of the cluster lab for now; .* changes are kept/i],
  'name-too-long': ['slowly', /does not understand .*\(name-too-long\)/],
  'text-too-long': ['slowly', /does not understand .*\(text-too-long\)/],
  'list-too-long': ['slowly', /does not understand .*\(list-too-long\)/],
  'too-deep': ['slowly', /does not understand .*\(too-deep\)/],
  invalid: ['slowly', /does not understand .*\(invalid\)/],
  'not-json': ['slowly', /does not understand .*\(not-json\)/],
  'forbidden-host': ['slowly', /does not answer to that name; correct --edge/],
  'not-found': ['slowly', /takes no batches there \(not-found\); correct --edge/],
  'method-not-allowed': ['slowly', /takes no batches there \(method-not-allowed\)/],
  unavailable: ['again', /cannot reach the room .* changes are kept/],
  internal: ['again', /something went wrong inside .* changes are kept/],
  'unknown-vm': 'elsewhere',
  'invalid-cursor': 'elsewhere',
  'out-of-range': 'elsewhere',
  'viewer-access-closed': 'elsewhere',
  'login-required': 'elsewhere',
  'wrong-token': 'elsewhere',
  'access-required': 'elsewhere',
  'keys-unavailable': 'elsewhere',
  'slow-down': 'elsewhere',
  'too-many-reads': 'elsewhere',
  'shares-off': 'elsewhere',
  'too-many-shares': 'elsewhere',
  'unknown-share': 'elsewhere',
  'admin-disabled': 'elsewhere',
  'too-many-clusters': 'elsewhere',
  'too-many-viewers': 'elsewhere',
  'cluster-exists': 'elsewhere',
  'wrong-code': 'elsewhere',
  'no-forwarder-image': 'elsewhere',
};
const codes = Object.keys(TABLE) as ProblemCode[];
const answered = codes.filter((code) => TABLE[code] !== 'elsewhere');

describe('a refusal of the room', () => {
  test.each(answered)('%s: a word of its own, a sentence of its own, and what is done', (code) => {
    const [reaction, sentence] = TABLE[code] as readonly [Reaction, RegExp];
    const answer = refused(formatProblem({ code, detail: '' }).status, code);
    expect(outcomeOf(answer)).toBe(code);
    expect(formatUplinkProblem(answer, PLACE)).toMatch(sentence);
    expect(reactionTo(answer)).toBe(reaction);
  });

  test('no two say the same', () => {
    const sentences = answered.map((code) => formatUplinkProblem(refused(formatProblem({ code, detail: '' }).status, code), PLACE));
    expect(new Set(sentences).size).toBe(answered.length);
    expect([...UPLINK_REFUSALS].sort()).toEqual([...answered].sort());
  });
});

describe('what does not come from the room', () => {
  test.each<[string, UplinkAnswer, string, Reaction]>([
    ['a proxy that asks for a login', refused(401, null), 'unauthorized', 'slowly'],
    ['a proxy that forbids', refused(403, null), 'client-error', 'slowly'],
    ['a page that is not there', refused(404, null), 'not-found', 'slowly'],
    ['a time limit', refused(408, null), 'client-error', 'again'],
    ['a proxy’s limit of bodies', refused(413, null), 'too-large', 'smaller'],
    ['a proxy that wants another protocol', refused(426, null), 'protocol', 'never'],
    ['slow down', refused(429, null), 'slow-down', 'again'],
    ['a gateway', refused(502, null), 'server-error', 'again'],
    ['a redirect', refused(302, null), 'redirect', 'slowly'],
    ['a code that is not known', refused(503, 'superseded-by-aliens'), 'server-error', 'again'],
    ['a code of an object’s own', refused(400, 'constructor'), 'client-error', 'slowly'],
    ['a code of other addresses', refused(403, 'admin-disabled'), 'client-error', 'slowly'],
    ['nothing', { type: 'lost', reason: 'no answer in time' }, 'lost', 'again'],
  ])('%s', (_what, answer, outcome, reaction) => {
    expect([outcomeOf(answer), reactionTo(answer)]).toEqual([outcome, reaction]);
  });

  test('acceptance, with and without drift; an opened session', () => {
    const outcomes = [
      outcomeOf({ type: 'accepted', resync: false }),
      outcomeOf({ type: 'accepted', resync: true }),
      outcomeOf({ type: 'opened', session: 1 }),
    ];
    expect(outcomes).toEqual(['accepted', 'resync', 'opened']);
    for (const outcome of outcomes) expect(UPLINK_OUTCOMES).toContain(outcome);
  });
});

describe('a token that is refused', () => {
  const unauthorized = refused(401, 'unauthorized');
  const waitMs = (hasOtherToken: boolean): number =>
    reactToAnswer(live, 'changes', unauthorized, { now: 1_000, random: 0.5, hasOtherToken }).notBefore - 1_000;
  test('another one that is there already is tried at once, in a new session', () => {
    expect(waitMs(true)).toBe(0);
    expect(waitMs(false)).toBe(45_000);
    expect(reactToAnswer(live, 'changes', unauthorized, { now: 1_000, random: 0.5, hasOtherToken: true })).toMatchObject({
      phase: 'opening',
      session: 0,
    });
  });
});
