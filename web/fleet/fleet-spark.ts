/** The little chart of how migrations ended in the last hour: bars, up for those that succeeded, down for those that failed. Pure. */
import type { RecentInterval } from '../../core/recent.ts';

/** In units of the chart: a bar, and the gap beside it. */
const BAR = 4;
const GAP = 1;
const UP = 14;
const DOWN = 6;
/** Bars are as high as their share of the most, but of this many at least: one migration is not to look like a storm. */
const LEAST_FULL_COUNT = 4;

export interface Spark {
  readonly width: number;
  readonly height: number;
  /** SVG paths, of bars that stand on the line between both, and that hang from it. */
  readonly line: string;
  readonly succeeded: string;
  readonly failed: string;
  /** The most that ended in one interval. */
  readonly most: number;
}

export function sparkOf(intervals: readonly RecentInterval[]): Spark {
  const ends = ({ succeeded, failed }: RecentInterval): number => succeeded + failed;
  const most = Math.max(0, ...intervals.map(ends));
  const full = Math.max(LEAST_FULL_COUNT, ...intervals.flatMap(({ succeeded, failed }) => [succeeded, failed]));
  const bars = (countOf: (interval: RecentInterval) => number, towards: number): string =>
    intervals
      .map((interval, index) => {
        const count = countOf(interval);
        const length = Math.max(1, Math.round((Math.abs(towards) * count) / full)) * Math.sign(towards);
        return count === 0 ? '' : `M${index * (BAR + GAP)} ${UP}h${BAR}v${length}h-${BAR}z`;
      })
      .join('');
  const width = intervals.length * (BAR + GAP) - GAP;
  return {
    width,
    height: UP + DOWN,
    line: `M0 ${UP}h${width}`,
    succeeded: bars(({ succeeded }) => succeeded, -UP),
    failed: bars(({ failed }) => failed, DOWN),
    most,
  };
}
