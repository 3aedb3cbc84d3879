import { describe, expect, test } from 'vitest';
import {
  formatPageToken,
  parseFramesQuery,
  parseMigrationsQuery,
  parseMoment,
  parsePageToken,
  parseSnapshotQuery,
  parseVmQuery,
} from '../../worker/query-schemas.ts';

const url = (query: string): string => `https://room/x?${query}`;

test.each<[string, number | null]>([
  ['0', 0],
  ['1700000000123', 1_700_000_000_123],
  ['2023-11-14T22:13:20.123Z', 1_700_000_000_123],
  ['2023-11-14T22:13:20.123999Z', 1_700_000_000_123],
  ['2023-11-14T22:13:20Z', 1_700_000_000_000],
  ['2023-11-14T23:13:20+01:00', 1_700_000_000_000],
  ['2023-11-14T22:13Z', 1_699_999_980_000],
  ['2024-02-29T00:00:00Z', 1_709_164_800_000],
  ['2023-02-29T00:00:00Z', null],
  ['2023-02-30T00:00:00Z', null],
  ['2023-13-01T00:00:00Z', null],
  ['2023-11-14T25:00:00Z', null],
  ['2023-11-14T22:13:20', null],
  ['2023-11-14', null],
  ['2023-11-14T23:13:20 01:00', null],
  ['1e3', null],
  ['-5', null],
  ['1.5', null],
  ['1234567890123456', null],
  ['yesterday', null],
  ['', null],
])('the moment %j', (text, expected) => {
  expect(parseMoment(text)).toBe(expected);
  const parsed = parseSnapshotQuery(url(`at=${encodeURIComponent(text)}`));
  expect(parsed).toMatchObject(
    expected === null ? { ok: false, error: { code: 'invalid', extra: { at: 'at' } } } : { value: { at: expected } },
  );
});

describe('pages', () => {
  test('have a length when nobody says one, and what is not known is ignored', () => {
    expect(parseFramesQuery(url('')).ok).toBe(true);
    expect(parseFramesQuery(url('other=1'))).toEqual({ ok: true, value: { limit: 100 } });
    expect(parseMigrationsQuery(url('limit=7&vm=default/a&before=e.9'))).toEqual({
      ok: true,
      value: { limit: 7, vm: 'default/a', before: 'e.9' },
    });
  });

  test.each(['0', '1001', '-1', '1.5', '', 'ten', '1e2', ' 5'])('a limit of %j', (limit) => {
    expect(parseFramesQuery(url(`limit=${encodeURIComponent(limit)}`))).toMatchObject({ ok: false, error: { code: 'invalid' } });
  });

  test.each([
    ['1', true],
    ['1000', true],
  ])('a limit of %j', (limit, ok) => {
    expect(parseFramesQuery(url(`limit=${limit}`)).ok).toBe(ok);
  });

  test.each([
    ['59', false],
    ['60', true],
    ['86400', true],
    ['86401', false],
  ])('a bucket of %s s', (bucket, ok) => {
    expect(parseMigrationsQuery(url(`bucket=${bucket}`)).ok).toBe(ok);
  });

  test.each(['nobody', 'a/b/c', '/a', 'a/', `default/${'x'.repeat(400)}`])('the VM %j', (vm) => {
    expect(parseMigrationsQuery(url(`vm=${encodeURIComponent(vm)}`)).ok).toBe(false);
  });

  test('tokens lead back, and nothing else is one', () => {
    expect(parsePageToken(formatPageToken('abc', 7), 'abc', 9)).toEqual({ ok: true, value: 7 });
    for (const forged of ['', '7', 'abc-7', 'xyz.7', 'abc.10', 'abc.0', 'abc.07', 'abc.7 ', 'abc.9007199254740993', 'ABC.7']) {
      expect([forged, parsePageToken(forged, 'abc', 9)]).toMatchObject([forged, { ok: false, error: { code: 'invalid-cursor' } }]);
    }
  });
});

test('what no VM can be called is null', () => {
  expect(parseVmQuery(url('namespace=default&name=a.b'))).toEqual({ namespace: 'default', name: 'a.b' });
  for (const query of ['', 'namespace=default', 'namespace=default&name=', 'namespace=De&name=a', 'namespace=a/b&name=c']) {
    expect([query, parseVmQuery(url(query))]).toEqual([query, null]);
  }
});
