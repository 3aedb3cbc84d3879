/** Moments of the past as words, always with their day: a time alone is taken for today's. By `Intl`. */
import { entry } from '../../core/entry.ts';
import type { Language } from '../words/i18n.ts';
import { isoTime } from '../words/iso-time.ts';

export interface MomentFormats {
  /** In the reader's zone, which it names, down to milliseconds. */
  full(at: number): string;
  /** ISO 8601. */
  utc(at: number): string;
  /** At a tick of a scale: the time, or the day where the scale has only days or it is midnight. */
  tick(at: number): string;
}

const made = new Map<string, MomentFormats>();

/** A formatter keeps the zone that it was made in, and a laptop travels: in another zone there are others. */
export function momentFormats(language: Language): MomentFormats {
  const { timeZone } = new Intl.DateTimeFormat().resolvedOptions();
  return entry(made, `${language} ${timeZone}`, () => createMomentFormats(language));
}

function createMomentFormats(language: Language): MomentFormats {
  const day = { year: 'numeric', month: 'short', day: 'numeric' } as const;
  const clock = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
  const full = new Intl.DateTimeFormat(language, {
    weekday: 'short',
    ...day,
    ...clock,
    second: '2-digit',
    fractionalSecondDigits: 3,
    timeZoneName: 'short',
  });
  const date = new Intl.DateTimeFormat(language, { month: 'short', day: 'numeric' });
  const minute = new Intl.DateTimeFormat(language, clock);
  const second = new Intl.DateTimeFormat(language, { ...clock, second: '2-digit' });
  return {
    full: (at) => full.format(at),
    utc: isoTime,
    tick(at) {
      const local = new Date(at);
      if (local.getHours() === 0 && local.getMinutes() === 0 && local.getSeconds() === 0) return date.format(at);
      return (local.getSeconds() === 0 ? minute : second).format(at);
    },
  };
}
