import { describe, expect, it } from 'vitest';
import { addOutcome, faultOfName } from '../../../web/fleet/add-cluster.ts';
import { isClusterName } from '../../../worker/schemas.ts';

describe('the name of a cluster', () => {
  const known = new Set(['lab']);
  it.each([
    ['', 'empty'],
    ['a', null],
    ['prod-1', null],
    ['lab', 'taken'],
    ['Lab', 'characters'],
    ['a_b', 'characters'],
    ['a.b', 'characters'],
    ['a b', 'characters'],
    ['深圳', 'characters'],
    ['\u202ea', 'characters'],
    ['-a', 'edge'],
    ['a-', 'edge'],
    ['x'.repeat(63), null],
    ['x'.repeat(64), 'too-long'],
  ])('%j: %s', (name, fault) => {
    expect(faultOfName(name, known)).toBe(fault);
    if (fault !== 'taken') expect(isClusterName(name), 'as the registry takes it').toBe(fault === null);
  });
});

describe('what the edge answers', () => {
  const problem = (code: string, detail?: string): string => JSON.stringify({ code, ...(detail !== undefined && { detail }) });
  const install = { cluster: 'lab', command: 'kubectl apply -f "…"', expiresAt: 5 };
  it.each<[number, string, string | null, unknown]>([
    [201, JSON.stringify({ ...install, code: 'c' }), null, { kind: 'issued', install }],
    [201, '<html>', null, { kind: 'unreachable' }],
    [201, 'null', null, { kind: 'unreachable' }],
    [201, JSON.stringify({ ...install, command: 1 }), null, { kind: 'unreachable' }],
    [401, problem('unauthorized'), null, { kind: 'wrong-token' }],
    [409, problem('cluster-exists'), null, { kind: 'taken' }],
    [409, problem('too-many-clusters'), null, { kind: 'too-many' }],
    [403, problem('admin-disabled'), null, { kind: 'admin-off' }],
    [429, problem('slow-down'), '6', { kind: 'wait', seconds: 6 }],
    [429, problem('slow-down'), 'soon', { kind: 'wait', seconds: null }],
    [400, problem('invalid', 'expected a label'), null, { kind: 'refused', why: 'expected a label' }],
    [404, problem('unknown-cluster', 'Register it first.'), null, { kind: 'refused', why: 'Register it first.' }],
    [418, 'teapot', null, { kind: 'refused', why: 'HTTP 418' }],
    [0, '', null, { kind: 'signed-out' }],
    [408, '', null, { kind: 'unreachable' }],
    [503, problem('unavailable'), '1', { kind: 'unreachable' }],
  ])('%d %s', (status, body, retryAfter, outcome) => {
    expect(addOutcome(status, body, retryAfter)).toEqual(outcome);
  });
});
