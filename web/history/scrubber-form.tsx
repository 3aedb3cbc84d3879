import { effect, useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { useSession } from '../page/context.ts';
import { usePastWords } from '../words/view-words.ts';
import { keptMoment } from './past-scale.ts';
import { formatTypedTime, parseTypedTime, type TimeProblem } from './past-time.ts';
import type { PastMessages } from './past-words-en.ts';
import { SpanSelect } from './span-select.tsx';
import { useHistory } from './use-history.ts';
import { useMomentFormats } from './use-moment-formats.ts';

export const SCRUBBER_FORM_ID = 'past-form';
const HOUR_MS = 3_600_000;
/** The page's idea of the room's time can be this late: what is only just to come is for the room to judge. */
const LATE_MS = 3_000;

type FormProblem =
  | { readonly kind: TimeProblem | 'none' | 'none-lately' | 'trouble' }
  | { readonly kind: 'missing' | 'future'; readonly at: number };

/** The ways to a moment that is not to be found by hand: a time that is typed, an hour before, the last failure; and how much the scale shows. */
export function ScrubberForm() {
  const { connection } = useSession();
  const { history, timeline } = useHistory();
  const words = usePastWords();
  const field = useRef<HTMLInputElement>(null);
  const problem = useSignal<FormProblem | null>(null);
  /** Where it led. */
  const target = useSignal<number | null>(null);
  const at = connection.past.value?.at ?? null;
  // What is wrong with it was said of a question that is over then.
  useEffect(
    () =>
      effect(() => {
        if (history.acts.value > 0) problem.value = null;
      }),
    [history],
  );

  function show(moment: number): void {
    target.value = moment;
    history.show(moment);
  }

  function goTyped(): void {
    const present = connection.present.peek();
    if (present === null) return;
    const typed = parseTypedTime(field.current?.value ?? '', present);
    const oldest = timeline.range.peek()?.oldest ?? Number.NEGATIVE_INFINITY;
    if (!typed.ok) problem.value = { kind: typed.error };
    else if (typed.value > present + LATE_MS) problem.value = { kind: 'future', at: typed.value };
    else if (typed.value < oldest) problem.value = { kind: 'missing', at: typed.value };
    else {
      show(typed.value);
      return;
    }
    field.current?.focus();
  }

  async function goLastFailure(): Promise<void> {
    const found = await history.showLastFailure();
    if (typeof found === 'number') target.value = found;
    else if (found !== null) problem.value = { kind: found };
  }

  const goBack = (): void => {
    const from = connection.past.peek()?.at ?? connection.present.peek();
    const range = timeline.range.peek();
    if (from !== null && range !== null) show(keptMoment(range, from - HOUR_MS));
  };

  return (
    <form
      id={SCRUBBER_FORM_ID}
      class="past-form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        goTyped();
      }}
    >
      <label for="past-time">{words.goTo}</label>
      <input
        ref={field}
        id="past-time"
        type="text"
        inputMode="text"
        autocomplete="off"
        spellcheck={false}
        size={23}
        maxLength={40}
        title={words.form}
        placeholder={at === null ? '14:02' : formatTypedTime(at)}
        aria-describedby="past-time-problem"
        aria-invalid={problem.value !== null}
        onInput={() => {
          problem.value = null;
        }}
      />
      <button type="submit">{words.go}</button>
      <button type="button" title={words.hourBackHint} onClick={goBack}>
        {words.hourBack}
      </button>
      <button type="button" title={words.lastFailureHint} onClick={() => void goLastFailure()}>
        {words.lastFailure}
      </button>
      <SpanSelect timeline={timeline} />
      <FormProblemText problem={problem.value} onShow={show} />
      <TargetStatus target={target.value} />
    </form>
  );
}

/** That it led there, for those who do not see it. */
function TargetStatus({ target }: { readonly target: number | null }) {
  const { connection } = useSession();
  const words = usePastWords();
  const moments = useMomentFormats();
  return (
    <p class="unseen" role="status">
      {target !== null && connection.past.value?.at === target && `${words.shown} ${moments.full(target)}`}
    </p>
  );
}

interface FormProblemTextProps {
  readonly problem: FormProblem | null;
  readonly onShow: (at: number) => void;
}

function FormProblemText({ problem, onShow }: FormProblemTextProps) {
  const { timeline } = useHistory();
  const words = usePastWords();
  const moments = useMomentFormats();
  const oldest = timeline.range.value?.oldest ?? null;
  return (
    <p id="past-time-problem" class="past-problem" role="alert">
      {problem !== null && formProblemText(problem, oldest, words, moments.full)}
      {problem?.kind === 'missing' && oldest !== null && (
        <>
          {' '}
          <button type="button" class="action" onClick={() => onShow(Math.ceil(oldest))}>
            {words.showOldest}
          </button>
        </>
      )}
    </p>
  );
}

function formProblemText(problem: FormProblem, oldest: number | null, words: PastMessages, format: (at: number) => string): string {
  switch (problem.kind) {
    case 'missing':
      return `${words.missing(format(problem.at))} ${oldest === null ? words.reachesNowhere : words.reachesTo(format(oldest))}`;
    case 'future':
      return words.future(format(problem.at));
    case 'none':
      return words.noFailure;
    case 'none-lately':
      return words.noFailureLately;
    case 'trouble':
      return words.refused;
    default:
      return words[problem.kind];
  }
}
