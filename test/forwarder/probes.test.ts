import { describe, expect, test } from 'vitest';
import { judgeLife, judgeReadiness, LEASE_ATTEMPTED_WITHIN_MS, LEASE_HEARD_WITHIN_MS, type ProbedReplica } from '../../forwarder/probes.ts';

const NOW = 1_000_000;
const forwarder = { isWatched: true, isSynced: true, problems: [] };
const replica = (rest: Partial<ProbedReplica>): ProbedReplica => ({
  role: 'leading',
  leaseHolder: 'pod-a',
  leaseHeardAt: NOW - 2_000,
  leaseAttemptedAt: NOW - 2_000,
  leaseProblems: [],
  leaseWriteProblem: null,
  forwarder,
  ...rest,
});
const alone = { role: 'alone', leaseHolder: null, leaseHeardAt: null, leaseAttemptedAt: null } as const;
const standby = { role: 'standby', forwarder: null } as const;

describe('ready', () => {
  test.each<[string, Partial<ProbedReplica>, number, string]>([
    ['alone and synced', alone, 200, 'ok: the edge has the cluster\n'],
    ['leading and synced', {}, 200, 'ok: leading, the edge has the cluster\n'],
    ['still synced, though the edge is away now', { forwarder: { ...forwarder, problems: ['away'] } }, 200, 'ok: leading, '],
    ['watched, not synced', { ...alone, forwarder: { ...forwarder, isSynced: false } }, 503, 'the edge has not committed the first sync'],
    [
      'not watched',
      { forwarder: { isWatched: false, isSynced: false, problems: ['not allowed to list nodes\nat all'] } },
      503,
      'not ready:\n  the cluster is not watched yet, so there is nothing to send\n  not allowed to list nodes at all\n',
    ],
    ['leading, and about to start', { forwarder: null }, 503, 'about to start'],
    ['doubtful', { role: 'doubtful', leaseProblems: ['refused'] }, 503, 'could not be renewed in time, so nothing is sent\n  refused\n'],
    ['stopping', { role: 'stopped' }, 503, 'it is stopping'],
    ['standing by', standby, 200, 'ok: standing by, pod-a is leading\n'],
    ['standing by, the Lease never read', { ...standby, leaseHeardAt: null, leaseProblems: ['no'] }, 503, 'not be read yet\n  no\n'],
    ['standing by, at the limit', { ...standby, leaseHeardAt: NOW - LEASE_HEARD_WITHIN_MS }, 200, 'ok'],
    ['standing by, the Lease long unread', { ...standby, leaseHeardAt: NOW - LEASE_HEARD_WITHIN_MS - 1 }, 503, 'not be read for 30 s'],
    ['standing by, and may not take it', { ...standby, leaseWriteProblem: 'forbidden' }, 503, 'could not be taken\n  forbidden\n'],
    ['standing by for nobody', { ...standby, leaseHolder: null }, 503, 'nobody holds the Lease'],
  ])('%s', (_what, rest, code, text) => {
    const answer = judgeReadiness(replica(rest), NOW);
    expect(answer.code).toBe(code);
    expect(answer.text).toContain(text);
    expect(answer.text.endsWith('\n')).toBe(true);
  });
});

describe('alive', () => {
  test.each<[string, Partial<ProbedReplica>, number]>([
    ['alone', alone, 200],
    ['the Lease was just asked for', standby, 200],
    ['not synced, and the edge away', { forwarder: { isWatched: false, isSynced: false, problems: ['away'] } }, 200],
    ['at the limit', { leaseAttemptedAt: NOW - LEASE_ATTEMPTED_WITHIN_MS }, 200],
    ['the Lease was not asked for, leading or not', { leaseAttemptedAt: NOW - LEASE_ATTEMPTED_WITHIN_MS - 1 }, 503],
  ])('%s', (_what, rest, code) => {
    expect(judgeLife(replica(rest), NOW).code).toBe(code);
  });

  test('what is wrong is said', () => {
    expect(judgeLife(replica({ leaseAttemptedAt: NOW - 200_000 }), NOW).text).toBe(
      'not alive:\n  nobody has asked for the Lease for 200 s\n',
    );
  });
});
