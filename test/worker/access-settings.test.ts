/** Who may look, by the settings alone (SPEC A1), and how many may guess (A8). Pure. */
import { describe, expect, test } from 'vitest';
import { CALLER_RATE, callerOf, Guesses, OVERALL_RATE } from '../../worker/guesses.ts';
import { type ViewerSettings, viewerModeOf } from '../../worker/viewer-mode.ts';

const LONG = 'sixteen-letters!';
const ACCESS = { VIEWER_ACCESS: 'cloudflare-access', ACCESS_TEAM_DOMAIN: 'https://team.cloudflareaccess.com', ACCESS_AUD: 'aud' };

describe('A1: the mode', () => {
  test.each<[string, ViewerSettings, RegExp]>([
    ['nothing', {}, /open, everybody.*VIEWER_ACCESS=token/],
    ['an unknown word', { VIEWER_ACCESS: 'Open' }, /does not know/],
    ['the empty text', { VIEWER_ACCESS: '' }, /does not know/],
    ['token without one', { VIEWER_ACCESS: 'token' }, /VIEWER_TOKEN is not set: at least 16 .*openssl rand -hex 32/],
    ['token with an empty one', { VIEWER_ACCESS: 'token', VIEWER_TOKEN: '' }, /VIEWER_TOKEN is not set/],
    ['token with 15 characters', { VIEWER_ACCESS: 'token', VIEWER_TOKEN: LONG.slice(1) }, /VIEWER_TOKEN is too short: at least 16/],
    ['token with the administrator’s', { VIEWER_ACCESS: 'token', VIEWER_TOKEN: LONG, ADMIN_TOKEN: LONG }, /are the same/],
    ['Access without anything', { VIEWER_ACCESS: 'cloudflare-access' }, /not set: ACCESS_TEAM_DOMAIN, ACCESS_AUD/],
    ['Access without the application', { ...ACCESS, ACCESS_AUD: '' }, /not set: ACCESS_AUD\./],
    ['Access without the team', { ...ACCESS, ACCESS_TEAM_DOMAIN: '' }, /not set: ACCESS_TEAM_DOMAIN\./],
    ...[
      'http://team.cloudflareaccess.com',
      'https://team.example/path',
      'https://u:p@team.example',
      'https://team.example/?a',
      'ftp://a',
      '://',
    ].map((team): [string, ViewerSettings, RegExp] => [
      `Access at ${team}`,
      { ...ACCESS, ACCESS_TEAM_DOMAIN: team },
      /ACCESS_TEAM_DOMAIN must be/,
    ]),
  ])('%s: closed, and it says why', (_, settings, why) => {
    const mode = viewerModeOf(settings);
    expect(mode).toMatchObject({ kind: 'closed', refusal: { code: 'viewer-access-closed', detail: expect.stringMatching(why) } });
    expect(JSON.stringify(mode)).not.toContain(LONG);
  });

  test.each<[ViewerSettings, unknown]>([
    [{ VIEWER_ACCESS: 'open' }, { kind: 'open' }],
    [
      { VIEWER_ACCESS: 'token', VIEWER_TOKEN: LONG },
      { kind: 'token', viewerToken: LONG },
    ],
    [ACCESS, { kind: 'cloudflare-access', team: 'https://team.cloudflareaccess.com', audience: 'aud' }],
    [{ ...ACCESS, ACCESS_TEAM_DOMAIN: 'team.cloudflareaccess.com' }, { team: 'https://team.cloudflareaccess.com' }],
    [{ ...ACCESS, ACCESS_TEAM_DOMAIN: 'https://team.cloudflareaccess.com/' }, { team: 'https://team.cloudflareaccess.com' }],
    [{ ...ACCESS, ACCESS_TEAM_DOMAIN: 'http://127.0.0.1:8080' }, { team: 'http://127.0.0.1:8080' }],
  ])('%j', (settings, mode) => expect(viewerModeOf(settings)).toMatchObject(mode as object));
});

describe('A8: guesses', () => {
  const guess = (guesses: Guesses, text: string, caller: string | null, now = 0): number | null => {
    const verdict = guesses.take(text, caller, now);
    if (verdict === null) guesses.wrong(text);
    return verdict;
  };
  const spend = (guesses: Guesses, count: number, caller: string | null): void => {
    for (let index = 0; index < count; index += 1) expect(guess(guesses, `${caller}-${index}`, caller)).toBeNull();
  };

  test('a caller has its budget, and gets one guess back after the other', () => {
    const guesses = new Guesses();
    spend(guesses, CALLER_RATE.burst, 'a');
    expect(guess(guesses, 'one more', 'a')).toBe(6);
    expect(guess(guesses, 'one more', 'a', 5_900)).toBe(1);
    expect(guess(guesses, 'one more', 'a', 6_000)).toBeNull();
    expect(guess(guesses, 'and another', 'a', 6_000)).toBe(6);
    expect(guess(guesses, 'of somebody else', 'b')).toBeNull();
  });

  test('what was looked at once is looked at again, whatever was spent: good or wrong', () => {
    const guesses = new Guesses();
    expect(guesses.take('good', 'a', 0)).toBeNull();
    guesses.good('good', 'a');
    spend(guesses, CALLER_RATE.burst, 'a');
    expect(guess(guesses, 'new', 'a')).not.toBeNull();
    expect(guesses.take('good', 'a', 0)).toBeNull();
    expect(guess(guesses, 'a-0', 'a')).toBeNull();
  });

  test('a script with an old token uses nothing up', () => {
    const guesses = new Guesses();
    for (let index = 0; index < 1_000; index += 1) expect(guess(guesses, 'old', null)).toBeNull();
    spend(guesses, OVERALL_RATE.burst - 1, null);
  });

  test('good ones are not charged', () => {
    const guesses = new Guesses();
    for (let index = 0; index < 1_000; index += 1) {
      expect(guesses.take(`good-${index}`, 'a', 0)).toBeNull();
      guesses.good(`good-${index}`, 'a');
    }
    spend(guesses, CALLER_RATE.burst, 'a');
  });

  test('many who guess do not lock out one who knows; they have one guess each', () => {
    const guesses = new Guesses();
    for (let index = 0; index < OVERALL_RATE.burst; index += 1) expect(guess(guesses, `x-${index}`, `bot-${index}`)).toBeNull();
    expect(guess(guesses, 'second', 'bot-1')).toBe(1);
    expect(guess(guesses, 'knows', 'a person')).toBeNull();
    expect(guess(guesses, 'third', 'a person')).toBe(1);
  });

  test('who cannot be told apart share one budget, which is back within a second', () => {
    const guesses = new Guesses();
    spend(guesses, OVERALL_RATE.burst, null);
    expect(guess(guesses, 'one more', null)).toBe(1);
    expect(guess(guesses, 'one more', null, 1_000)).toBeNull();
  });

  test('many at once are charged before any is answered', () => {
    const guesses = new Guesses();
    const verdicts = Array.from({ length: 100 }, (_, index) => guesses.take(`at once ${index}`, 'a', 0));
    expect(verdicts.filter((verdict) => verdict === null)).toHaveLength(CALLER_RATE.burst);
  });

  test('wrong ones do not drive out good ones', () => {
    const guesses = new Guesses();
    guesses.take('good', null, 0);
    guesses.good('good', null);
    for (let index = 0; index < 5_000; index += 1) guess(guesses, `wrong-${index}`, `caller-${index}`);
    spend(guesses, 1, 'somebody');
    expect(guess(guesses, 'new', 'somebody')).not.toBeNull();
    expect(guesses.take('good', 'somebody', 0)).toBeNull();
  });

  test.each([
    ['203.0.113.9', '203.0.113.9'],
    ['198.51.100.7, 203.0.113.9 ', '203.0.113.9'],
    [null, null],
    ['', null],
    ['x'.repeat(65), null],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
    ['2001:DB8:1:2::6', '2001:db8:1:2'],
    ['2001:db8::6', '2001:db8:0:0'],
    ['::1', '0:0:0:0'],
    ['2001:db8:1:2::', '2001:db8:1:2'],
  ])('the caller at %s is %s', (header, caller) => expect(callerOf(header)).toBe(caller));
});
