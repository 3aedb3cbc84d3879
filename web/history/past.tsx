import { useEffect } from 'preact/hooks';
import { isScrubberMissing, Scrubber } from '../late/late-views.ts';
import { isPastOpened, usePastOpening } from './past-opening.ts';

/** The board's past, along the bottom of the page. While nobody looks at it, nothing of it is there. */
export function Past() {
  const past = usePastOpening();
  useEffect(() => past.start(), [past]);
  // Where the gate stands instead of a picture, it says itself that the file has not come.
  if (!past.isShown.value || (isScrubberMissing.value && !isPastOpened.value)) return null;
  return <Scrubber />;
}
