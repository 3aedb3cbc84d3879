/** A span of time as a person says it who cannot know it to the second: rounded away from too good, in one unit. */
import { entry } from '../../core/entry.ts';
import type { Language } from '../words/i18n.ts';

export interface RoundSpan {
  readonly unit: 'minute' | 'hour' | 'day';
  /** In whole units; zero where it is less than one. */
  readonly from: number;
  readonly to: number;
}

const MINUTE_MS = 60_000;
/** Up to so many minutes, in steps of so many; the unit in which it is said. */
const STEPS: readonly (readonly [upTo: number, step: number, unit: RoundSpan['unit'], minutes: number])[] = [
  [10, 1, 'minute', 1],
  [30, 2, 'minute', 1],
  [60, 5, 'minute', 1],
  [120, 10, 'minute', 1],
  [48 * 60, 60, 'hour', 60],
  [Number.POSITIVE_INFINITY, 24 * 60, 'day', 24 * 60],
];

/** Never narrower than what is known, and the same for a while: it is read from the other side of a room. */
export function roundSpan({ fromMs, toMs }: { readonly fromMs: number; readonly toMs: number }): RoundSpan {
  const until = toMs / MINUTE_MS;
  const [, step, unit, minutes] = STEPS.find(([upTo]) => until <= upTo) ?? ([0, 1, 'minute', 1] as const);
  const round = (ms: number, to: (value: number) => number): number => (to(ms / MINUTE_MS / step) * step) / minutes;
  return { unit, from: round(fromMs, Math.floor), to: Math.max(step / minutes, round(toMs, Math.ceil)) };
}

const formats = new Map<string, Intl.NumberFormat>();

/** “12–18 min”, as the language writes it. */
export function spanText(language: Language, { unit, from, to }: RoundSpan): string {
  const format = entry(
    formats,
    `${language} ${unit}`,
    () => new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: language === 'en' ? 'short' : 'long' }),
  );
  return from === to ? format.format(to) : format.formatRange(from, to);
}
