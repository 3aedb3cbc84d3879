import type { LastHour } from '../../core/recent.ts';
import { useWords } from '../page/context.ts';
import { useFleetWords } from '../words/view-words.ts';
import { sparkOf } from './fleet-spark.ts';

/** How migrations ended in the last hour, drawn and in words. `isPast`: the hour before the cluster fell silent. */
export function Sparkline({ hour, isPast }: { readonly hour: LastHour; readonly isPast: boolean }) {
  const { formats } = useWords();
  const fleet = useFleetWords();
  const { width, height, line, succeeded, failed, most } = sparkOf(hour.intervals);
  return (
    <span class="spark">
      <svg viewBox={`0 0 ${width} ${height}`} width={width} height={height} aria-hidden="true">
        <path class="spark-line" d={line} />
        <path class="spark-moved" d={succeeded} />
        <path class="spark-failed" d={failed} />
      </svg>
      <span class="spark-words">
        {fleet.moved(hour.succeeded, formats.number(hour.succeeded), isPast)}
        {most > 0 && <span class="unseen">{fleet.most(formats.number(most))}</span>}
      </span>
    </span>
  );
}
