import { useEffect, useMemo } from 'preact/hooks';
import { useSession } from '../context.ts';
import { useLateWords } from '../late-words.ts';
import { createTimelineModel } from '../models/timeline-model.ts';
import { sumOf } from '../moves-chart-bars.ts';
import { MovesChart } from './moves-chart.tsx';
import { SpanSelect } from './span-select.tsx';
import { TimeTicks } from './time-ticks.tsx';

/** How many migrations ended, and how, over the time that is kept. */
export function MovesEnds() {
  const session = useSession();
  const { past, moves: words } = useLateWords();
  const timeline = useMemo(() => createTimelineModel(session), [session]);
  useEffect(() => timeline.start(), [timeline]);
  const scale = timeline.scale.value;
  const ends = timeline.ends.value;
  const sum = ends === null ? null : sumOf(ends.buckets);
  return (
    <figure class="moves-ends">
      <figcaption>
        <strong>{words.chart}</strong>
        <span>{sum !== null && past.chart(sum.ended, sum.failed)}</span>
        <SpanSelect timeline={timeline} />
      </figcaption>
      <svg class="moves-bars" width="100%" aria-hidden="true">
        {scale !== null && ends !== null && <MovesChart stretch={scale} ends={ends} />}
      </svg>
      {scale !== null && <TimeTicks stretch={scale} />}
    </figure>
  );
}
