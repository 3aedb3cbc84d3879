import { describe, expect, test } from 'vitest';
import { type Attempt, attemptsOfLease, KIND_ATTEMPTS } from '../../forwarder/check-plan.ts';
import {
  type CheckRow,
  formatCheckJson,
  formatCheckTable,
  formatVerdict,
  isHopeless,
  isUsable,
  judgeAttempt,
  judgeEdge,
} from '../../forwarder/check-verdict.ts';
import type { EdgeAnswer } from '../../forwarder/edge-client.ts';
import type { KubeFailure } from '../../forwarder/kube-failure.ts';
import { KINDS } from '../../forwarder/projector.ts';

const nodes: Attempt = { verb: 'list', resource: 'nodes', path: '/', neededFor: 'the hosts', isOptional: false };
const vms: Attempt = { ...nodes, resource: 'virtualmachines.kubevirt.io', isKubeVirt: true };
const pods: Attempt = { ...nodes, resource: 'pods', isOptional: true };
const status = (code: number, message = ''): KubeFailure => ({ kind: 'status', status: code, message, retryAfterMs: null });

describe('the plan', () => {
  test('tries list and watch of every kind, with the reflector’s own selectors', () => {
    expect(KIND_ATTEMPTS).toHaveLength(KINDS.length);
    for (const { list, watch } of KIND_ATTEMPTS) {
      expect([list.verb, watch.verb]).toEqual(['list', 'watch']);
      expect(watch.path).toContain('watch=1');
      expect(list.path.split('?')[0]).toBe(watch.path.split('?')[0]);
    }
    const targets = KIND_ATTEMPTS.find(({ list }) => list.resource === 'pods');
    for (const path of [targets?.list.path, targets?.watch.path]) expect(path).toContain('labelSelector=');
    expect(KIND_ATTEMPTS.some(({ list }) => list.resource === 'inventories.metal.harvesterhci.io in harvester-system')).toBe(true);
  });

  test('never writes a Lease: each write is a dry run', () => {
    for (const { body, path } of attemptsOfLease({ namespace: 'hostview', name: 'lease' })) {
      expect(path.endsWith('?dryRun=All')).toBe(body !== undefined);
    }
  });
});

describe('an answer of the API server', () => {
  const lease = attemptsOfLease({ namespace: 'hostview', name: 'lease' });
  const [get, create, update] = lease as [Attempt, Attempt, Attempt];
  test.each<[string, Attempt, KubeFailure | null, CheckRow['result'], string | undefined]>([
    ['success', nodes, null, 'ok', undefined],
    ['forbidden', nodes, status(403, 'no'), 'missing', 'grant list on nodes'],
    ['forbidden, optional', pods, status(403), 'missing', 'grant list on pods'],
    ['no such kind', vms, status(404), 'failed', 'install KubeVirt'],
    ['no such kind, optional', pods, status(404), 'absent', undefined],
    ['unknown credentials', nodes, status(401), 'failed', 'correct the kubeconfig’s user, or the service account'],
    ['a fault', nodes, status(500), 'failed', 'look at the API server'],
    ['nobody there', nodes, { kind: 'unreachable', reason: 'connection refused' }, 'failed', 'make the API server reachable from here'],
    ['no Lease yet', get, status(404), 'ok', undefined],
    ['there is one already', create, status(409), 'ok', undefined],
    ['no namespace for it', create, status(404), 'failed', 'look at the API server'],
    ['none to replace', update, status(404), 'ok', undefined],
    ['forbidden to replace it', update, status(403), 'missing', 'grant update on leases.coordination.k8s.io in hostview'],
  ])('%s', (_what, attempt, failure, result, remedy) => {
    const row = judgeAttempt(attempt, failure);
    expect([row.result, row.remedy]).toEqual([result, remedy]);
    expect(row.detail === undefined).toBe(result === 'ok');
  });

  test('after which nothing else needs to be asked', () => {
    expect([status(401), status(403), status(500)].map(isHopeless)).toEqual([true, false, false]);
    expect(isHopeless({ kind: 'credentials', detail: '' })).toBe(true);
  });
});

describe('an answer of the edge', () => {
  const answer = (code: number, body: unknown): EdgeAnswer => ({
    ok: true,
    raw: { status: code, retryAfter: null, body: typeof body === 'string' ? body : JSON.stringify(body) },
  });
  const [T, F, M, N] = ['ok', 'failed', 'missing', 'not tried'];
  test.each<[string, EdgeAnswer, readonly (string | undefined)[], RegExp]>([
    ['all is well', answer(200, { oldest: 1, newest: 2 }), [T, T, T, T], /^$/],
    ['nobody there', { ok: false, reason: 'connection refused' }, [F, N, N, N], /reachable from here/],
    ['a page', answer(200, '<!doctype html>'), [F, N, N, N], /correct --edge/],
    ['an older edge', answer(404, { code: 'not-found' }), [F, N, N, N], /upgrade the edge/],
    ['a wrong token', answer(401, { code: 'unauthorized' }), [T, M, N, N], /give the token of lab/],
    ['an unknown name', answer(404, { code: 'unknown-cluster' }), [T, M, N, N], /register lab/],
    ['another protocol', answer(426, { code: 'protocol' }), [T, T, F, N], /upgrade/],
    ['another cluster', answer(409, { code: 'other-cluster' }), [T, T, T, F], /under a name of its own/],
    ['a gateway', answer(502, 'bad'), [F, N, N, N], /in front of it/],
  ])('%s', (_what, given, results, remedy) => {
    const rows = judgeEdge(given, { edge: 'https://edge', cluster: 'lab' });
    expect(rows.map(({ result }) => result)).toEqual(results);
    expect(rows.map((row) => row.remedy ?? '').join('')).toMatch(remedy);
  });
});

describe('what is shown', () => {
  const rows = [
    judgeAttempt(nodes, null),
    judgeAttempt({ ...nodes, verb: 'watch' }, status(403, 'nodes is forbidden:\n\u001b[2Jno')),
    judgeAttempt(vms, status(403)),
    judgeAttempt({ ...vms, verb: 'watch' }, status(403)),
    judgeAttempt(pods, status(403)),
  ];

  test('an aligned table without control characters, and the verdict in its last line', () => {
    const lines = formatCheckTable(rows).split('\n');
    expect(lines[0]).toBe('WHAT                               NEEDED FOR            RESULT');
    expect(lines[1]).toBe('list nodes                         the hosts             ok');
    expect(lines[2]).toBe('watch nodes                        the hosts             missing: 403: nodes is forbidden: [2Jno');
    expect(lines[5]).toBe('list pods                          the hosts (optional)  missing: 403');
    expect(lines.slice(6)).toEqual(['', formatVerdict(rows), '']);
  });

  test('rights that are missing are named once for each resource; only what is needed decides', () => {
    expect(formatVerdict(rows)).toBe(
      'NOT OK: 3 of 4 that are needed failed or were not tried; grant watch on nodes; grant list, watch on virtualmachines.kubevirt.io',
    );
    expect(isUsable(rows)).toBe(false);
    const good = [judgeAttempt(nodes, null), judgeAttempt(pods, status(403))];
    expect(isUsable(good)).toBe(true);
    expect(formatVerdict(good)).toBe('OK: all that is needed is there; without: the hosts (to have it: grant list on pods)');
  });

  test('a long sentence is cut in the table, and whole in the JSON', () => {
    const long = [judgeAttempt(nodes, status(500, 'x'.repeat(400)))];
    expect(formatCheckTable(long)).not.toContain('x'.repeat(160));
    const json = JSON.parse(formatCheckJson(long));
    expect(json).toMatchObject({ ok: false, checks: [{ what: 'list nodes', optional: false, result: 'failed' }] });
    expect(json.checks[0].detail).toContain('x'.repeat(400));
  });
});
