import { afterEach, describe, expect, it, vi } from 'vitest';
import { createFormats } from '../../../web/words/format.ts';
import { momentText, percentText, tenthsText } from '../../../web/words/late-format.ts';
import { memoryText } from '../../../web/words/memory-text.ts';

const english = createFormats('en');
const chinese = createFormats('zh-Hans');

afterEach(() => vi.unstubAllEnvs());

describe('formats', () => {
  it.each([
    [0, '0s'],
    [-5_000, '0s'],
    [59_999, '59s'],
    [60_000, '1m 0s'],
    [3_599_000, '59m 59s'],
    [3_600_000, '1h 0m'],
    [172_800_000, '2d'],
  ])('%d ms last %s', (length, text) => {
    expect(english.duration(length)).toBe(text);
  });

  it.each([
    [0, '< 0.1s', '< 0.1秒'],
    [99, '< 0.1s', '< 0.1秒'],
    [1_234, '1.2s', '1.2秒'],
    [3_000, '3s', '3秒'],
  ])('a length of %d ms is %s', (length, en, zh) => {
    expect(tenthsText(length, english)).toBe(en);
    expect(tenthsText(length, chinese)).toBe(zh);
  });

  it('says no more than whole percent', () => {
    expect([percentText(0.424, english), percentText(1.07, english)]).toEqual(['42%', '107%']);
  });

  it('speaks Chinese', () => {
    expect(chinese.duration(61_000)).toBe('1分钟 1秒');
    expect(chinese.list(['甲', '乙'])).toBe('甲、乙');
  });

  it('counts memory as Kubernetes does', () => {
    expect(memoryText(8 * 2 ** 30, english)).toBe('8 GiB');
    expect(memoryText(1.5 * 2 ** 30, english)).toBe('1.5 GiB');
    expect(memoryText(512 * 2 ** 20, english)).toBe('512 MiB');
  });

  it('gives times of 24 hours, midnight being 00', () => {
    const midnight = new Date(2026, 10, 22, 0, 3, 4).getTime();
    expect(english.time(midnight, midnight)).toBe('00:03:04');
    expect(english.time(midnight, null)).toBe('00:03:04');
  });

  it('names the day where the time of day would be taken for another day’s', () => {
    const at = new Date(2026, 10, 20, 14, 3, 4).getTime();
    expect(english.time(at, at + 11 * 3_600_000)).toBe('14:03:04');
    expect(english.time(at, at + 48 * 3_600_000)).toMatch(/Nov 20.*14:03:04/);
    expect(chinese.time(at, at + 48 * 3_600_000)).toMatch(/11月20日.*14:03:04/);
  });

  it('names the year where the date would be taken for this year’s', () => {
    const at = new Date(2025, 10, 20, 0, 3, 4).getTime();
    const day = 86_400_000;
    expect(momentText(at, at, english)).toBe('00:03:04');
    expect(momentText(at, null, english)).toBe('00:03:04');
    expect(momentText(at, at + 299 * day, english)).toMatch(/^Nov 20,? 00:03:04$/);
    expect(momentText(at, at + 301 * day, english)).toBe('Nov 20, 2025, 00:03:04');
    expect(momentText(at, at + 3_000 * day, chinese)).toBe('2025年11月20日 00:03:04');
  });

  it('names it in the zone that the reader is in now', () => {
    const at = Date.parse('2025-11-20T20:00:00Z');
    for (const [zone, text] of [
      ['Asia/Kolkata', 'Nov 21, 2025, 01:30:00'],
      ['America/New_York', 'Nov 20, 2025, 15:00:00'],
    ] as const) {
      vi.stubEnv('TZ', zone);
      expect(momentText(at, at + 3e10, english)).toBe(text);
    }
  });

  it.each([
    ['Europe/Berlin', '2026-07-01T12:00:00Z', '14:00:00'],
    ['Europe/Berlin', '2026-10-25T00:30:00Z', '02:30:00'],
    ['Europe/Berlin', '2026-10-25T01:30:00Z', '02:30:00'],
    ['Asia/Kolkata', '2026-11-26T20:00:00Z', '01:30:00'],
    ['Pacific/Auckland', '2026-11-26T20:00:00Z', '09:00:00'],
  ])('are those of the clock that the reader has now, here in %s at %s', (zone, moment, text) => {
    vi.stubEnv('TZ', zone);
    expect(english.time(Date.parse(moment), null)).toBe(text);
  });
});
