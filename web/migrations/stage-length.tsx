import type { StageSpan } from '../../core/history.ts';
import { useWords } from '../page/context.ts';
import { useLateWords } from '../words/late-words.ts';
import { lengthText } from '../words/length-text.ts';

/** How long a stage that is over took; that nobody watched its beginning or its end is said. */
export function StageLength({ span: { durationMs } }: { readonly span: StageSpan }) {
  const { formats } = useWords();
  const { facts } = useLateWords();
  return <>{durationMs === null ? facts.unwatched : lengthText(durationMs, formats)}</>;
}
