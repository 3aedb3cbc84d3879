/** What a chart of migrations says, for those who do not see it. Pure. */
import type { LateMessages } from '../words/en-late.ts';
import type { Formats } from '../words/format.ts';
import { sumOf } from './moves-chart-bars.ts';
import type { Stretch } from './past-scale.ts';
import { silencesSum } from './silences.ts';
import type { EndsInTime } from './timeline-model.ts';

/** How many ended and failed; and where the cluster was not heard for some of the time, that too. */
export function endsText(ends: EndsInTime, stretch: Stretch, words: LateMessages['history'], formats: Formats): string {
  const sum = sumOf(ends.buckets);
  const silent = silencesSum(stretch, ends.silences, ends.shorterSilences);
  const told = words.chart(sum.ended, sum.failed);
  return silent === null ? told : `${told} · ${words.silences(silent.count, formats.duration(silent.lengthMs), silent.isAtLeast)}`;
}
