import { describe, expect, test } from 'vitest';
import { explainNoAnswer, formatList, noteOnInstall, readAnswer, readInstall, readList, readToken } from '../../local/cluster-answer.ts';

const answer = (status: number, body: unknown = '', location: string | null = null) => ({
  status,
  location,
  text: typeof body === 'string' ? body : JSON.stringify(body),
});

describe('an answer', () => {
  test.each([
    [answer(200, { now: 1 }), { now: 1 }],
    [answer(201, { code: 'x' }), { code: 'x' }],
    [answer(204), null],
  ])('%j', (got, value) => {
    expect(readAnswer(got)).toEqual({ ok: true, value });
  });

  test.each([
    ['no JSON', answer(200, '<html>'), /not look like a Hostview edge.*200/],
    ['another server', answer(404, 'Not Found'), /not look like a Hostview edge.*HTTP 404/],
    ['a list', answer(500, []), /not look like a Hostview edge.*HTTP 500/],
    ['a redirect', answer(301, '', 'https://edge.example/'), /sends on to https:\/\/edge.example\/; name that one/],
    ['a redirect to nowhere', answer(302), /sends on to another address/],
    ['a problem without words', answer(503, {}), /^The edge refused\. \(HTTP 503\)$/],
    ['a problem of other types', answer(401, { title: 7, detail: [], code: {} }), /^The edge refused\. \(HTTP 401\)$/],
  ])('%s', (_, got, message) => {
    expect(readAnswer(got)).toEqual({ ok: false, error: expect.stringMatching(message) });
  });

  test('a problem in its own words', () => {
    const problem = { title: 'The token is missing or wrong', detail: 'Send the admin token.', code: 'unauthorized' };
    expect(readAnswer(answer(401, problem))).toEqual({
      ok: false,
      error: 'The token is missing or wrong. Send the admin token. (HTTP 401, unauthorized)',
    });
  });

  test('a name that is taken says which command makes another code', () => {
    expect(readAnswer(answer(409, { title: 'It exists.', code: 'cluster-exists' }))).toMatchObject({
      error: 'It exists. Or: npm run cluster -- rotate NAME. (HTTP 409, cluster-exists)',
    });
  });

  test('cannot steer the terminal', () => {
    const told = readAnswer(answer(409, { title: 'a\u001b[2Jb', detail: 'c\rd', code: 'e\u0007' }));
    expect(told).toEqual({ ok: false, error: 'a [2Jb. c d. (HTTP 409, e )' });
  });
});

describe('an install code', () => {
  const whole = { cluster: 'lab', code: 'c', expiresAt: 3_600_000, command: 'kubectl apply -f "x"' };
  test('with the line', () => {
    expect(readInstall(whole)).toEqual({ ok: true, value: { code: 'c', expiresAt: 3_600_000, command: 'kubectl apply -f "x"' } });
    expect(readInstall({ ...whole, expiresAt: '1970-01-01T01:00:00Z' })).toMatchObject({ value: { expiresAt: 3_600_000 } });
  });
  test.each([
    null,
    [],
    'x',
    {},
    { ...whole, code: 1 },
    { ...whole, command: null },
    { ...whole, expiresAt: 'soon' },
    { ...whole, expiresAt: null },
  ])('%j is none', (json) => {
    expect(readInstall(json).ok).toBe(false);
  });
  test('says how long it lasts', () => {
    const note = noteOnInstall({ code: '', command: '', expiresAt: 3_600_000 }, 500);
    expect(note).toMatch(/^It works once, until 1970-01-01T01:00:00.000Z \(60 min\)\.\n.*409.*FORWARDER_IMAGE/);
    expect(noteOnInstall({ code: '', command: '', expiresAt: 0 }, 60_000)).toContain('(0 min)');
  });
});

test.each([
  [{ token: 'abc' }, true],
  [{ token: '' }, false],
  [{ token: 'a b' }, false],
  [{ token: 1 }, false],
  [null, false],
])('%j is a token: %s', (json, isOne) => {
  expect(readToken(json).ok).toBe(isOne);
});

describe('the list', () => {
  const now = 100_000;
  const lab = {
    cluster: 'lab',
    lastHeard: 90_000,
    hosts: { total: 3, up: 2 },
    vms: { total: 12, byState: {} },
    transits: 1,
    failures: 0,
    recent: null,
    cursor: 'a-1',
  };

  test('as a table', () => {
    const clusters = [
      lab,
      { ...lab, cluster: 'production-1', displayName: 'The\tone', lastHeard: 1 },
      { ...lab, cluster: 'new', lastHeard: null },
      { ...lab, cluster: 'silent', unknown: true as const },
    ];
    expect(formatList({ now, clusters }).split('\n')).toEqual([
      'CLUSTER       STATE    HOSTS  VMS  MOVING  FAILED  NAME',
      'lab           live     2/3    12   1       0',
      'production-1  stale    2/3    12   1       0       The one',
      'new           waiting  2/3    12   1       0',
      'silent        unknown  -      -    -       -',
    ]);
    expect(formatList({ now, clusters: [] })).toBe('No cluster is registered.');
  });

  test('is checked before it is shown', () => {
    expect(readList({ now, clusters: [lab] })).toEqual({ ok: true, value: { now, clusters: [lab] } });
    for (const wrong of [
      null,
      {},
      { now, clusters: {} },
      { now: 'x', clusters: [] },
      { now, clusters: [null] },
      { now, clusters: [{ ...lab, hosts: 3 }] },
    ])
      expect(readList(wrong).ok).toBe(false);
  });
});

test('why nothing was answered', () => {
  const refused = Object.assign(new TypeError('fetch failed'), { cause: Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }) });
  expect(explainNoAnswer('http://x', refused)).toBe('http://x could not be reached (ECONNREFUSED).');
  expect(explainNoAnswer('http://x', new DOMException('late', 'TimeoutError'))).toBe('http://x did not answer in time.');
});
