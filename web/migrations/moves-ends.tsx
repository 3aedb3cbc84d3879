import { useEffect, useMemo } from 'preact/hooks';
import { MovesChart } from '../history/moves-chart.tsx';
import { sumOf } from '../history/moves-chart-bars.ts';
import { SpanSelect } from '../history/span-select.tsx';
import { TimeTicks } from '../history/time-ticks.tsx';
import { createTimelineModel } from '../history/timeline-model.ts';
import { useSession } from '../page/context.ts';
import { useLateWords } from '../words/late-words.ts';

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
