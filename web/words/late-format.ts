/** Numbers and times as words that no first board says, by `Intl`. */
import { entry } from '../../core/entry.ts';
import type { Formats } from './format.ts';
import type { Language } from './i18n.ts';

interface LateFormats {
  readonly percent: Intl.NumberFormat;
  readonly second: Intl.NumberFormat;
}

const made = new Map<Language, LateFormats>();

/** To make one takes longer than to use it a thousand times. */
const formatsOf = (language: Language): LateFormats =>
  entry(made, language, () => ({
    percent: new Intl.NumberFormat(language, { style: 'percent' }),
    second: new Intl.NumberFormat(language, {
      style: 'unit',
      unit: 'second',
      unitDisplay: language === 'en' ? 'narrow' : 'short',
      maximumFractionDigits: 1,
    }),
  }));

type Spoken = Pick<Formats, 'language'>;

/** `fraction` from 0 to 1. */
export const percentText = (fraction: number, { language }: Spoken): string => formatsOf(language).percent.format(fraction);

/** A short time, to a tenth of a second. */
export function tenthsText(lengthMs: number, { language }: Spoken): string {
  const { second } = formatsOf(language);
  return lengthMs < 100 ? `< ${second.format(0.1)}` : second.format(Math.round(lengthMs / 100) / 10);
}

/** Longer ago than this, a date could be taken for this year's. */
const THIS_YEAR_MS = 300 * 86_400_000;

/** As {@link Formats.time}, and with the year where it takes that: a VM can run for years, and its last move be as old. */
export const momentText = (at: number, now: number | null, { language, time }: Pick<Formats, 'language' | 'time'>): string =>
  (now ?? at) - at < THIS_YEAR_MS
    ? time(at, now)
    : new Date(at).toLocaleString(language, { dateStyle: 'medium', timeStyle: 'medium', hourCycle: 'h23' });
