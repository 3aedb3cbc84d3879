import { useEffect } from 'preact/hooks';
import { useSession } from '../context.ts';
import { useLateWords } from '../late-words.ts';
import { usePastOpening } from '../models/past-opening.ts';
import { provideShortcut } from '../models/shortcut-model.ts';
import { PastIcon } from './past-icon.tsx';

export const HISTORY_BUTTON_ID = 'history-button';
export const SCRUBBER_ID = 'scrubber';

/** Opens and closes the scrubber. Closing it means the present. */
export function HistoryButton() {
  const { connection } = useSession();
  const { isOpen, isShown, toggle } = usePastOpening();
  const { past: words } = useLateWords();
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
