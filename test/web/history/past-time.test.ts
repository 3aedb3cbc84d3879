import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formatTypedTime, parseTypedTime } from '../../../web/history/past-time.ts';

/** A zone with summer time: the clocks went forward at 2026-03-29T01:00Z and back at 2026-10-25T01:00Z. */
let zone: string | undefined;
beforeAll(() => {
  zone = process.env.TZ;
  process.env.TZ = 'Europe/Berlin';
});
afterAll(() => {
  if (zone === undefined) delete process.env.TZ;
  else process.env.TZ = zone;
});

const NOW = Date.parse('2026-11-26T13:02:10.500Z');
const parsed = (text: string, now = NOW): string => {
  const time = parseTypedTime(text, now);
  return time.ok ? new Date(time.value).toISOString() : time.error;
};

describe('a moment that is typed', () => {
  it.each([
    ['2026-11-26T03:00:00.000Z', '2026-11-26T03:00:00.000Z'],
    ['2026-11-26T03:00Z', '2026-11-26T03:00:00.000Z'],
    ['2026-11-26 03:00 UTC', '2026-11-26T03:00:00.000Z'],
    ['2026-11-26T03:00:00+02:00', '2026-11-26T01:00:00.000Z'],
    ['2026-11-26T03:00:00.1234567-0530', '2026-11-26T08:30:00.123Z'],
    ['1795662130500', '2026-11-26T03:02:10.500Z'],
  ])('with a zone: %s', (text, expected) => expect(parsed(text)).toBe(expected));

  it.each([
    ['2026-11-26 03:00', '2026-11-26T02:00:00.000Z'],
    ['2026-7-1 3:00:05.5', '2026-07-01T01:00:05.500Z'],
    ['2026-11-26T03:00:01,25', '2026-11-26T02:00:01.250Z'],
    ['2026-11-26', '2026-11-25T23:00:00.000Z'],
    ['  2026-11-26   03:00  ', '2026-11-26T02:00:00.000Z'],
    ['２０２６－１１－２６　０３：００', '2026-11-26T02:00:00.000Z'],
  ])('local where none is named: %s', (text, expected) => expect(parsed(text)).toBe(expected));

  it.each([
    ['14:02', '2026-11-26T13:02:00.000Z'],
    ['14:02:10.5', '2026-11-26T13:02:10.500Z'],
    ['14:02:10.6', '2026-11-25T13:02:10.600Z'],
    ['23:30', '2026-11-25T22:30:00.000Z'],
    ['23:30Z', '2026-11-25T23:30:00.000Z'],
    ['13:02Z', '2026-11-26T13:02:00.000Z'],
    ['03:00+10:00', '2026-11-25T17:00:00.000Z'],
    // There it is tomorrow.
    ['02:00+14:00', '2026-11-26T12:00:00.000Z'],
  ])('a time of day is the last such time: %s', (text, expected) => expect(parsed(text)).toBe(expected));

  it.each([
    ['-1h', '2026-11-26T12:02:10.500Z'],
    ['- 90 min', '2026-11-26T11:32:10.500Z'],
    ['−2d', '2026-11-24T13:02:10.500Z'],
    ['-1500ms', '2026-11-26T13:02:09.000Z'],
  ])('how long ago: %s', (text, expected) => expect(parsed(text)).toBe(expected));

  it('how long ago, by a clock that knows parts of a millisecond, is whole milliseconds', () => {
    expect(parseTypedTime('-1s', NOW + 0.75)).toEqual({ ok: true, value: NOW - 1_000 });
  });

  it.each([
    ['2026-02-30 12:00', 'no-such-time'],
    ['2026-13-01', 'no-such-time'],
    ['2026-11-26 24:30', 'no-such-time'],
    ['2026-11-26T12:61Z', 'no-such-time'],
    // The clocks went from 02:00 to 03:00.
    ['2026-03-29 02:30', 'no-such-time'],
    ['25:00', 'no-such-time'],
    ['', 'unreadable'],
    ['soon', 'unreadable'],
    ['12', 'unreadable'],
    ['26.11.2026', 'unreadable'],
    ['2026-11-26 03:00 CET', 'unreadable'],
    ['-1 fortnight', 'unreadable'],
    ['1'.repeat(400), 'unreadable'],
  ])('what is none is told: %s', (text, expected) => expect(parsed(text)).toBe(expected));

  it('a local time of the day on which the clocks went forward is looked for the day before, where it was skipped', () => {
    expect(parsed('02:30', Date.parse('2026-03-29T10:00:00Z'))).toBe('2026-03-28T01:30:00.000Z');
  });

  it.each([
    ['2026-10-25T03:00:00Z', '02:30', '2026-10-25T01:30:00.000Z'],
    ['2026-10-25T01:10:00Z', '02:30', '2026-10-25T00:30:00.000Z'],
    ['2026-10-25T00:10:00Z', '02:30', '2026-10-24T00:30:00.000Z'],
    ['2026-10-25T03:00:00Z', '02:30+02:00', '2026-10-25T00:30:00.000Z'],
    ['2026-10-25T03:00:00Z', '01:30', '2026-10-24T23:30:00.000Z'],
    ['2026-10-25T03:00:00Z', '03:30', '2026-10-25T02:30:00.000Z'],
    ['2026-10-25T23:10:00Z', '02:30', '2026-10-25T01:30:00.000Z'],
  ])('on the day on which the clocks went back the last such time is what the clock showed last: at %s, %s', (now, text, expected) => {
    expect(parsed(text, Date.parse(now))).toBe(expected);
  });

  it.each(['2026-10-25T00:30:05.250Z', '2026-10-25T01:30:05.250Z', '2026-03-29T01:00:00.000Z'])(
    'leads back to %s as it is written',
    (at) => {
      expect(parsed(formatTypedTime(Date.parse(at)))).toBe(at.replace(/\.\d+/, '.000'));
    },
  );

  it('is written as it is read', () => {
    expect(formatTypedTime(NOW)).toBe('2026-11-26 14:02:10');
    expect(parsed(formatTypedTime(NOW))).toBe('2026-11-26T13:02:10.000Z');
  });
});
