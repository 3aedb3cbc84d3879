import { UNREADABLE_MOMENT } from '../page/page-state.ts';
import { usePastWords } from '../words/view-words.ts';
import type { PastProblem } from './past-asking.ts';
import type { PastMessages } from './past-words-en.ts';
import { useHistory } from './use-history.ts';
import { useMomentFormats } from './use-moment-formats.ts';

/** Why the moment that was asked for is not shown, and the way on. */
export function PastProblemText({ problem }: { readonly problem: PastProblem }) {
  const words = usePastWords();
  const moments = useMomentFormats();
  return (
    <p class="past-problem" role="status" data-problem={problem.kind}>
      <span>{pastProblemText(problem, words, moments.full)}</span> <WayOn problem={problem} />
    </p>
  );
}

export function pastProblemText(problem: PastProblem, words: PastMessages, format: (at: number) => string): string {
  switch (problem.kind) {
    case 'missing': {
      const reach = problem.oldest === null ? words.reachesNowhere : words.reachesTo(format(problem.oldest));
      return problem.at === UNREADABLE_MOMENT ? reach : `${words.missing(format(problem.at))} ${reach}`;
    }
    case 'future':
      return words.future(format(problem.at));
    case 'later':
      return words[problem.why];
    default:
      return words.refused;
  }
}

/** A button where the reader can do something about it. */
export function WayOn({ problem }: { readonly problem: PastProblem }) {
  const { history } = useHistory();
  const words = usePastWords();
  if (problem.kind === 'missing' && problem.oldest !== null) {
    const { oldest } = problem;
    return (
      <button type="button" class="action" onClick={() => history.show(oldest)}>
        {words.showOldest}
      </button>
    );
  }
  if (problem.kind === 'missing' || problem.kind === 'future') return null;
  return (
    <button type="button" class="action" onClick={history.retry}>
      {words.retry}
    </button>
  );
}
