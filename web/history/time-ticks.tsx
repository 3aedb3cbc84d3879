import { fractionOf, localOffsetAt, type Stretch, ticksOf } from './past-scale.ts';
import { useMomentFormats } from './use-moment-formats.ts';

/** Nearer to an end than this, a text would reach beyond it. */
const EDGE = 0.05;
const anchorAt = (fraction: number): 'start' | 'middle' | 'end' => (fraction < EDGE ? 'start' : fraction > 1 - EDGE ? 'end' : 'middle');

/** Round local times below a stretch of time that is drawn. */
export function TimeTicks({ stretch }: { readonly stretch: Stretch }) {
  const moments = useMomentFormats();
  return (
    <svg class="time-ticks" width="100%" height="16" aria-hidden="true">
      {ticksOf(stretch, localOffsetAt).map((at) => {
        const fraction = fractionOf(stretch, at);
        return (
          <text key={at} x={`${fraction * 100}%`} y="12" text-anchor={anchorAt(fraction)}>
            {moments.tick(at)}
          </text>
        );
      })}
    </svg>
  );
}
