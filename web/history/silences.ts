/** When the cluster was not heard, on a stretch of time: where it is drawn, and what is said of it. Pure. */
import type { MigrationBuckets } from '../../core/history.ts';
import { fractionOf, type Stretch } from './past-scale.ts';

/**
 * As the room tells of them; one that lasts as far as it was known to last. Whether it went on after that, only another answer tells.
 */
export const knownSilences = ({ now, silences }: Pick<MigrationBuckets, 'now' | 'silences'>): Stretch[] =>
  silences.map(({ from, to }) => ({ from, to: to ?? now }));

/** Both from 0 to 1 of the width. */
export interface Gap {
  readonly from: number;
  readonly left: number;
  readonly width: number;
}

/** Those that have a part in it. */
export const gapsOf = (stretch: Stretch, silences: readonly Stretch[]): Gap[] =>
  within(stretch, silences).map(({ from, to }) => {
    const left = fractionOf(stretch, from);
    return { from, left, width: fractionOf(stretch, to) - left };
  });

export interface SilencesSum {
  readonly count: number;
  /** Of the part that lies in the stretch; at least, where the shorter ones were left out. */
  readonly lengthMs: number;
  readonly isAtLeast: boolean;
}

/** Null where the cluster was heard all the time. */
export function silencesSum(stretch: Stretch, silences: readonly Stretch[], shorter: number): SilencesSum | null {
  const shown = within(stretch, silences);
  if (shown.length + shorter === 0) return null;
  const lengthMs = shown.reduce((sum, { from, to }) => sum + Math.min(to, stretch.to) - Math.max(from, stretch.from), 0);
  return { count: shown.length + shorter, lengthMs, isAtLeast: shorter > 0 };
}

/** Whether nothing was heard at that moment. Its first one was: the cluster spoke at it. */
export const isSilentAt = (silences: readonly Stretch[], at: number): boolean => silences.some(({ from, to }) => at > from && at < to);

const within = (stretch: Stretch, silences: readonly Stretch[]): Stretch[] =>
  silences.filter(({ from, to }) => to > stretch.from && from < stretch.to);
