import { describe, expect, it } from 'vitest';
import { readFailureOf } from '../../../web/stream/late-answer.ts';

describe('a read that is refused', () => {
  it.each([
    ['a VM that is not there', 404, '{"code":"unknown-vm"}', null, { kind: 'unknown-vm' }],
    ['a cluster that is not there', 404, '{"code":"unknown-cluster"}', null, { kind: 'refused', refusal: 'unknown-cluster' }],
    ['too many reads', 429, '{"code":"too-many-reads"}', '7', { kind: 'too-many-reads', retryAfterMs: 7_000 }],
    ['too many reads, without a time', 429, '{"code":"too-many-reads"}', null, { kind: 'too-many-reads', retryAfterMs: 5_000 }],
    ['another limit', 429, '{"code":"slow-down"}', '7', { kind: 'trouble', trouble: 'server', retryAfterMs: 7_000 }],
    ['a login that is over', 401, '{"code":"login-required"}', null, { kind: 'refused', refusal: 'login-required' }],
    ['a proxy’s page', 404, '<html>', null, { kind: 'refused', refusal: 'unknown-cluster' }],
    ['a moment that is not kept', 404, '{"code":"out-of-range","oldest":17}', null, { kind: 'out-of-range', oldest: 17 }],
    ['a place that is not kept', 404, '{"code":"out-of-range","oldest":"e-1"}', null, { kind: 'out-of-range', oldest: 'e-1' }],
    ['a moment that is no number', 404, '{"code":"out-of-range","oldest":1e999}', null, { kind: 'out-of-range', oldest: null }],
    ['a place in another log', 400, '{"code":"invalid-cursor"}', null, { kind: 'other-log' }],
    ['a question that is none', 400, '{"code":"invalid","at":"limit"}', null, { kind: 'invalid', at: 'limit' }],
    ['a code that is no text', 502, '{"code":["too-many-reads"]}', 'soon', { kind: 'trouble', trouble: 'server' }],
    ['JSON that is no document', 502, 'null', null, { kind: 'trouble', trouble: 'server' }],
    ['a server that fails', 500, '', null, { kind: 'trouble', trouble: 'server' }],
  ] as const)('%s', (_, status, body, retryAfter, failure) => {
    expect(readFailureOf(status, body, retryAfter)).toEqual(failure);
  });
});
