import { UNREADABLE_MOMENT } from '../page/page-state.ts';
import { Skeleton } from '../parts/skeleton.tsx';
import { usePastWords } from '../words/view-words.ts';
import type { PastProblem } from './past-asking.ts';
import { pastProblemText, WayOn } from './past-problem.tsx';
import type { PastMessages } from './past-words-en.ts';
import { useHistory } from './use-history.ts';
import { useMomentFormats } from './use-moment-formats.ts';

/**
 * Stands where the picture would be while the address names a moment and none has been painted: the present must not be taken for it. Where
 * that moment cannot be had, it says so, with the way to one that can.
 */
export function PastGate() {
  const { history } = useHistory();
  const words = usePastWords();
  const moments = useMomentFormats();
  const problem = history.problem.value;
  if (problem === null) return <Skeleton />;
  return (
    <section class="empty past-gate" data-problem={problem.kind}>
      <h2>{titleOf(problem, words)}</h2>
      <p role="status">{pastProblemText(problem, words, moments.full)}</p>
      <p class="past-ways">
        <WayOn problem={problem} />
        <button type="button" class="action" onClick={history.live}>
          {words.showLive}
        </button>
      </p>
    </section>
  );
}

function titleOf(problem: PastProblem, words: PastMessages): string {
  if (problem.kind === 'future') return words.futureTitle;
  if (problem.kind !== 'missing') return words.refused;
  return problem.at === UNREADABLE_MOMENT ? words.unreadableTitle : words.missingTitle;
}
