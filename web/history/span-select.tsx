import { useLateWords } from '../words/late-words.ts';
import { SPANS } from './past-scale.ts';
import type { TimelineModel } from './timeline-model.ts';

/** How much of the past a scale shows. */
export function SpanSelect({ timeline: { span } }: { readonly timeline: TimelineModel }) {
  const { history: words } = useLateWords();
  return (
    <select
      aria-label={words.span}
      value={span.value}
      onChange={({ currentTarget }) => {
        span.value = SPANS.find((known) => known === currentTarget.value) ?? 'all';
      }}
    >
      {SPANS.map((each) => (
        <option key={each} value={each}>
          {words.spans[each]}
        </option>
      ))}
    </select>
  );
}
