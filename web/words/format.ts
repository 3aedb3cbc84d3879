/** Numbers and times as words, by `Intl`: those that the first board says. The others are in late-format.ts. */
import type { Language } from './i18n.ts';

export interface Formats {
  readonly language: Language;
  /** Local time of day, with the date where that alone could be taken for another day's. Both in milliseconds since the epoch. */
  time(at: number, now: number | null): string;
  /** Time since or until, in at most two units: 48 s, 3 m 05 s, 2 h 10 m. Never negative. */
  duration(lengthMs: number): string;
  number(value: number): string;
  list(items: readonly string[]): string;
}

/** Longer ago than this, a time of day says too little. */
const TODAY_MS = 12 * 3_600_000;
const MINUTE_MS = 60_000;

export function createFormats(language: Language): Formats {
  // A formatter keeps the zone that it was made in, and a laptop travels: these are given what stands on the reader's clock.
  const clock = { hour: 'numeric', minute: 'numeric', second: 'numeric', hourCycle: 'h23', timeZone: 'UTC' } as const;
  const time = new Intl.DateTimeFormat(language, clock);
  const dayAndTime = new Intl.DateTimeFormat(language, { ...clock, month: 'short', day: 'numeric' });
  const list = new Intl.ListFormat(language, { type: 'conjunction', style: 'narrow' });
  const unitOf = (unit: 'second' | 'minute' | 'hour' | 'day'): ((value: number) => string) =>
    new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: language === 'en' ? 'narrow' : 'short' }).format;
  const day = unitOf('day');
  const hour = unitOf('hour');
  const minute = unitOf('minute');
  const second = unitOf('second');
  return {
    language,
    time: (at, now) => ((now ?? at) - at > TODAY_MS ? dayAndTime : time).format(at - new Date(at).getTimezoneOffset() * MINUTE_MS),
    duration(lengthMs) {
      const seconds = Math.floor(Math.max(0, lengthMs) / 1_000);
      const minutes = Math.floor(seconds / 60);
      const hours = Math.floor(minutes / 60);
      if (hours >= 48) return day(Math.floor(hours / 24));
      if (hours > 0) return `${hour(hours)} ${minute(minutes % 60)}`;
      return minutes > 0 ? `${minute(minutes)} ${second(seconds % 60)}` : second(seconds);
    },
    number: new Intl.NumberFormat(language, { maximumFractionDigits: 1 }).format,
    list: (items) => list.format(items),
  };
}
