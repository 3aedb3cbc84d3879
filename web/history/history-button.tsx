import { useEffect } from 'preact/hooks';
import { useSession } from '../page/context.ts';
import { provideShortcut } from '../settings/shortcut-model.ts';
import { useLateWords } from '../words/late-words.ts';
import { PastIcon } from './past-icon.tsx';
import { usePastOpening } from './past-opening.ts';

export const HISTORY_BUTTON_ID = 'history-button';
export const SCRUBBER_ID = 'scrubber';

/** Opens and closes the scrubber. Closing it means the present. */
export function HistoryButton() {
  const { connection } = useSession();
  const { isOpen, isShown, toggle } = usePastOpening();
  const { history: words } = useLateWords();
  useEffect(() => provideShortcut('history', toggle), [toggle]);
  return (
    <button
      id={HISTORY_BUTTON_ID}
      type="button"
      class="history-button"
      aria-expanded={isShown.value}
      aria-controls={isShown.value ? SCRUBBER_ID : undefined}
      disabled={connection.present.value === null && !isOpen.value}
      onClick={toggle}
    >
      <PastIcon of="past" />
      <span>{words.open}</span>
    </button>
  );
}
