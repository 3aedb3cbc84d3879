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

export function createFormats(language: Language): Formats {
  const clock = { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' } as const;
  const time = new Intl.DateTimeFormat(language, clock);
  const dayAndTime = new Intl.DateTimeFormat(language, { ...clock, month: 'short', day: 'numeric' });
  const number = new Intl.NumberFormat(language, { maximumFractionDigits: 1 });
  const list = new Intl.ListFormat(language, { type: 'conjunction', style: 'narrow' });
  const unitOf = (unit: 'second' | 'minute' | 'hour' | 'day'): Intl.NumberFormat =>
    new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: language === 'en' ? 'narrow' : 'short' });
  const units = { day: unitOf('day'), hour: unitOf('hour'), minute: unitOf('minute'), second: unitOf('second') };
  return {
    language,
    time: (at, now) => (now !== null && now - at > TODAY_MS ? dayAndTime : time).format(at),
    duration(lengthMs) {
      const seconds = Math.max(0, Math.floor(lengthMs / 1_000));
      if (seconds < 60) return units.second.format(seconds);
      const minutes = Math.floor(seconds / 60);
      if (minutes < 60) return `${units.minute.format(minutes)} ${units.second.format(seconds % 60)}`;
      const hours = Math.floor(minutes / 60);
      if (hours < 48) return `${units.hour.format(hours)} ${units.minute.format(minutes % 60)}`;
      return units.day.format(Math.floor(hours / 24));
    },
    number: (value) => number.format(value),
    list: (items) => list.format(items),
  };
}
