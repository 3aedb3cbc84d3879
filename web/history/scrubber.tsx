import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { usePastWords } from '../words/view-words.ts';
import { followDockHeight } from './dock-height.ts';
import { HISTORY_BUTTON_ID, SCRUBBER_ID } from './history-button.tsx';
import { PastBanner } from './past-banner.tsx';
import { PastIcon } from './past-icon.tsx';
import { usePastOpening } from './past-opening.ts';
import { ScrubberControls } from './scrubber-controls.tsx';
import { ScrubberForm } from './scrubber-form.tsx';
import { ScrubberNews } from './scrubber-news.tsx';
import { ScrubberTrack } from './scrubber-track.tsx';
import { useHistory } from './use-history.ts';

export { PastGate } from './past-gate.tsx';

/** The board's past, along the bottom of the page, as long as somebody looks at it. */
export function Scrubber() {
  const { history, timeline } = useHistory();
  const { isOpen, toggle } = usePastOpening();
  const words = usePastWords();
  const isFormOpen = useSignal(false);
  const dock = useRef<HTMLElement>(null);
  useEffect(() => (dock.current === null ? undefined : followDockHeight(dock.current)), []);
  useEffect(() => history.start(), [history]);
  useEffect(() => timeline.start(), [timeline]);
  const close = (): void => {
    toggle();
    // Where the picture was waited for, the button comes with it.
    queueMicrotask(() => document.getElementById(HISTORY_BUTTON_ID)?.focus({ preventScroll: true }));
  };
  return (
    <section
      ref={dock}
      id={SCRUBBER_ID}
      class="past-dock"
      aria-label={words.region}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || event.isComposing || event.defaultPrevented) return;
        event.preventDefault();
        close();
      }}
    >
      <div class="past-head">
        <PastBanner />
        <button type="button" class="action past-live" onClick={() => keepOpen(isOpen, history.live)}>
          <span class="past-live-sign" aria-hidden="true" />
          {words.live}
        </button>
        <button type="button" class="past-close" aria-label={words.close} onClick={close}>
          <PastIcon of="close" />
        </button>
      </div>
      <div class="past-line">
        <ScrubberControls isFormOpen={isFormOpen} />
        {/* Whoever opened it means to use it; whoever followed a link is still reading. */}
        <ScrubberTrack takesFocus={isOpen.peek() && !isTyping()} />
      </div>
      <div class="past-foot" data-open={isFormOpen.value || undefined}>
        <ScrubberForm />
        <ScrubberNews />
      </div>
    </section>
  );
}

/** The scrubber can come a while after it was opened. */
const isTyping = (): boolean => document.activeElement?.matches('input, select, textarea') === true;

/** The button that was pressed stays where it is. */
function keepOpen(isOpen: { value: boolean }, run: () => void): void {
  isOpen.value = true;
  run();
}
