import { barsOf } from './moves-chart-bars.ts';
import type { Stretch } from './past-scale.ts';
import type { EndsInTime } from './timeline-model.ts';

export interface MovesChartProps {
  readonly stretch: Stretch;
  readonly ends: EndsInTime;
}

/** The line's place: there is more room above it, since most migrations succeed. In percent of the height. */
const LINE = 68;
const percent = (fraction: number): string => `${fraction * 100}%`;

/** How migrations ended, interval by interval. Its bars are inside an SVG of another part; what they say is told there in words. */
export function MovesChart({ stretch, ends: { bucketMs, buckets } }: MovesChartProps) {
  return (
    <g class="moves-chart">
      <line class="moves-line" x1="0" x2="100%" y1={`${LINE}%`} y2={`${LINE}%`} />
      {barsOf(stretch, bucketMs, buckets).map(({ at, left, width, up, down }) => (
        <g key={at}>
          {up > 0 && (
            <rect class="moves-ended" x={percent(left)} width={percent(width)} y={`${LINE * (1 - up)}%`} height={`${LINE * up}%`} />
          )}
          {down > 0 && (
            <rect class="moves-failed" x={percent(left)} width={percent(width)} y={`${LINE}%`} height={`${(100 - LINE) * down}%`} />
          )}
        </g>
      ))}
    </g>
  );
}
