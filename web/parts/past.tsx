import { useEffect } from 'preact/hooks';
import { useWords } from '../context.ts';
import { isScrubberMissing, Scrubber } from '../late-views.ts';
import { isPastOpened, usePastOpening } from '../models/past-opening.ts';
import { ReloadButton } from './reload-button.tsx';

/** The board's past, along the bottom of the page. While nobody looks at it, nothing of it is there. */
export function Past() {
  const past = usePastOpening();
  const { words } = useWords();
  useEffect(() => past.start(), [past]);
  if (!past.isShown.value) return null;
  return (
    <>
      {/* Where the gate stands instead of a picture, it says so itself. */}
      {isScrubberMissing.value && isPastOpened.value && (
        <p class="past-dock" role="alert">
          {words.partsMissing} <ReloadButton />
        </p>
      )}
      <Scrubber />
    </>
  );
}
