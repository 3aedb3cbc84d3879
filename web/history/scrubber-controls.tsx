import { type Signal, useSignal } from '@preact/signals';
import { useSession } from '../page/context.ts';
import { usePastWords } from '../words/view-words.ts';
import { PastIcon } from './past-icon.tsx';
import { RATES, type Rate } from './past-play.ts';
import { SCRUBBER_FORM_ID } from './scrubber-form.tsx';
import { useHistory } from './use-history.ts';

export interface ScrubberControlsProps {
  /** Whether the ways to a moment are shown where there is little room. */
  readonly isFormOpen: Signal<boolean>;
}

/** Pause or play, one frame back, one forward, and how fast. */
export function ScrubberControls({ isFormOpen }: ScrubberControlsProps) {
  const { connection } = useSession();
  const { history } = useHistory();
  const words = usePastWords();
  const rate = useSignal<Rate>(10);
  const isPast = connection.past.value !== null;
  const isPlaying = history.rate.value !== null;
  // A moment is asked for, and nothing is shown: there is nothing to hold, and nothing that a step would start from.
  const isNone = connection.isPastAwaited.value;
  // The present plays by itself: what can be done with it is to hold it.
  const main = !isPast ? 'pause' : isPlaying ? 'stop' : 'play';
  return (
    <div class="past-controls">
      <button type="button" aria-label={words.back} title={words.back} aria-disabled={isNone} onClick={() => isNone || history.step(-1)}>
        <PastIcon of="back" />
      </button>
      <button
        type="button"
        class="past-main"
        aria-label={words[main]}
        title={words[main]}
        aria-disabled={isNone}
        onClick={() => isNone || (main === 'play' ? history.play(rate.value) : history.pause())}
      >
        <PastIcon of={main === 'play' ? 'play' : 'pause'} />
      </button>
      <button
        type="button"
        aria-label={words.forward}
        title={words.forward}
        aria-disabled={!isPast}
        onClick={() => isPast && history.step(1)}
      >
        <PastIcon of="forward" />
      </button>
      <select
        aria-label={words.rate}
        value={rate.value}
        onChange={({ currentTarget }) => {
          rate.value = RATES.find((known) => String(known) === currentTarget.value) ?? rate.peek();
          if (isPlaying) history.play(rate.peek());
        }}
      >
        {RATES.map((each) => (
          <option key={each} value={each}>
            ×{each}
          </option>
        ))}
      </select>
      <button
        type="button"
        class="past-more"
        aria-label={words.goTo}
        title={words.goTo}
        aria-expanded={isFormOpen.value}
        aria-controls={SCRUBBER_FORM_ID}
        onClick={() => {
          isFormOpen.value = !isFormOpen.value;
        }}
      >
        …
      </button>
    </div>
  );
}
