import { useEffect, useMemo } from 'preact/hooks';
import { endsText } from '../history/ends-text.ts';
import { MovesChart } from '../history/moves-chart.tsx';
import { SilenceBands } from '../history/silence-bands.tsx';
import { SpanSelect } from '../history/span-select.tsx';
import { TimeTicks } from '../history/time-ticks.tsx';
import { createTimelineModel } from '../history/timeline-model.ts';
import { useSession, useWords } from '../page/context.ts';
import { useLateWords } from '../words/late-words.ts';
import { useMigrationsWords } from '../words/view-words.ts';

/** How many migrations ended, and how, over the time that is kept. */
export function MovesEnds() {
  const session = useSession();
  const { formats } = useWords();
  const { history } = useLateWords();
  const words = useMigrationsWords();
  const timeline = useMemo(() => createTimelineModel(session), [session]);
  useEffect(() => timeline.start(), [timeline]);
  const scale = timeline.scale.value;
  const ends = timeline.ends.value;
  const isThere = scale !== null && ends !== null;
  return (
    <figure class="moves-ends">
      <figcaption>
        <strong>{words.chart}</strong>
        <span>{isThere && endsText(ends, scale, history, formats)}</span>
        <SpanSelect timeline={timeline} />
      </figcaption>
      <svg class="moves-bars" width="100%" aria-hidden="true">
        {isThere && <SilenceBands stretch={scale} ends={ends} />}
        {isThere && <MovesChart stretch={scale} ends={ends} />}
      </svg>
      {scale !== null && <TimeTicks stretch={scale} />}
    </figure>
  );
}
