import { describe, expect, it } from 'vitest';
import { failureOf } from '../../../web/stream/answer.ts';

describe('an answer that is none', () => {
  it.each([
    [401, 'signed-out'],
    [403, 'access-closed'],
    [404, 'unknown-cluster'],
    [410, 'gone'],
    [426, 'outdated'],
  ] as const)('%d stops the page: %s', (status, refusal) => {
    expect(failureOf(status, '{"detail":"because"}', null)).toEqual({ kind: 'refused', refusal, detail: 'because' });
  });

  it('a missing login is one that the page can make good, and its words for programs are not shown', () => {
    expect(failureOf(401, '{"code":"login-required","detail":"POST /api/v1/login"}', null)).toEqual({
      kind: 'refused',
      refusal: 'login-required',
    });
  });

  it.each(['{"code":"access-required"}', '{"code":"unauthorized"}', '<html>', '{"code":["login-required"]}'])(
    'of another 401 only a reload can: %s',
    (body) => {
      expect(failureOf(401, body, null)).toEqual({ kind: 'refused', refusal: 'signed-out' });
    },
  );

  it('a redirect that was not followed leads to somebody’s login', () => {
    expect(failureOf(0, '', null)).toEqual({ kind: 'refused', refusal: 'signed-out' });
  });

  it.each([500, 502, 503, 429, 408])('%d is tried again', (status) => {
    expect(failureOf(status, '', null)).toEqual({ kind: 'trouble', trouble: 'server' });
  });

  it('keeps what the server says of when', () => {
    expect(failureOf(503, '', '4')).toMatchObject({ retryAfterMs: 4_000 });
    expect(failureOf(503, '', 'Sun, 22 Nov 2026 10:00:00 GMT')).not.toHaveProperty('retryAfterMs');
    expect(failureOf(503, '', '-1')).not.toHaveProperty('retryAfterMs');
  });

  it.each(['', 'null', '<html>', '{"detail":3}', '[]', '{"detail":""}'])('a body without a detail in words has none: %s', (body) => {
    expect(failureOf(403, body, null)).toEqual({ kind: 'refused', refusal: 'access-closed' });
  });
});
