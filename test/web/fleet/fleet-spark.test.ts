import { describe, expect, it } from 'vitest';
import { addEnds, lastHour } from '../../../core/recent.ts';
import { sparkOf } from '../../../web/fleet/fleet-spark.ts';

const NOW = 1_764_158_400_000;
const chart = (...ends: [minutesAgo: number, outcome: 'succeeded' | 'failed', count: number][]) =>
  sparkOf(
    lastHour(
      addEnds(
        null,
        ends.map(([ago, outcome, count]) => ({ at: NOW - ago * 60_000, outcome, count })),
      ),
      NOW,
    ).intervals,
  );

describe('the little chart', () => {
  it('of nothing is its line', () => {
    expect(chart()).toEqual({ width: 64, height: 20, line: 'M0 14h64', succeeded: '', failed: '', most: 0 });
  });

  it('stands on the line for what succeeded, and hangs from it for what failed', () => {
    expect(chart([0, 'succeeded', 4], [0, 'failed', 2], [60, 'succeeded', 1])).toMatchObject({
      succeeded: 'M0 14h4v-4h-4zM60 14h4v-14h-4z',
      failed: 'M60 14h4v3h-4z',
      most: 6,
    });
  });

  it('makes no storm of one migration, and leaves one among thousands to be seen', () => {
    expect(chart([0, 'succeeded', 1]).succeeded).toBe('M60 14h4v-4h-4z');
    expect(chart([0, 'succeeded', 9_000], [30, 'failed', 1])).toMatchObject({ failed: 'M30 14h4v1h-4z' });
  });
});
