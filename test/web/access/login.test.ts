import { describe, expect, it } from 'vitest';
import { failedShare, type LoginOutcome, loginOutcome, parseShare } from '../../../web/access/login.ts';

const problem = (code: string, detail?: string): string => JSON.stringify({ code, detail });

describe('the answer to a login', () => {
  it.each<[status: number, body: string, retryAfter: string | null, outcome: LoginOutcome]>([
    [204, '', null, { kind: 'admitted' }],
    [401, problem('wrong-token', 'No.'), null, { kind: 'wrong-token' }],
    [429, problem('too-many-attempts', 'Slower.'), '7', { kind: 'wait', seconds: 7 }],
    [429, '', '0.2', { kind: 'wait', seconds: 1 }],
    [429, '', null, { kind: 'wait', seconds: null }],
    [429, '', 'Sun, 22 Nov 2026 10:00:00 GMT', { kind: 'wait', seconds: null }],
    [429, '', '-3', { kind: 'wait', seconds: null }],
    [503, problem('unavailable', 'Again.'), '2', { kind: 'unreachable' }],
    [500, '', null, { kind: 'unreachable' }],
    [408, '', null, { kind: 'unreachable' }],
    [403, problem('viewer-access-closed', 'Nobody was given access.'), null, { kind: 'refused', why: 'Nobody was given access.' }],
    [401, '<html>', null, { kind: 'refused', why: 'HTTP 401' }],
    [404, '', null, { kind: 'refused', why: 'HTTP 404' }],
    [200, '<html>a captive portal</html>', null, { kind: 'refused', why: 'HTTP 200' }],
  ])('%d %s, retry-after %s', (status, body, retryAfter, outcome) => {
    expect(loginOutcome(status, body, retryAfter)).toEqual(outcome);
  });
});

describe('a share link', () => {
  it.each([
    ['#share=abc.DEF-_~1', 'abc.DEF-_~1'],
    ['#share=', ''],
    ['#share', null],
    ['', null],
    ['#host/harv-1', null],
    ['#x&share=abc', null],
  ])('%s carries %s', (fragment, token) => {
    expect(parseShare(fragment)).toBe(token);
  });

  it('that may still be good is kept for another try, one that is over is not', () => {
    expect(failedShare('t', { kind: 'unreachable' }).token).toBe('t');
    expect(failedShare('t', { kind: 'wait', seconds: 3 }).token).toBe('t');
    expect(failedShare('t', { kind: 'wrong-token' }).token).toBeNull();
    expect(failedShare('t', { kind: 'refused', why: 'closed' }).token).toBeNull();
  });
});
