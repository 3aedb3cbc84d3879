import { useLayoutEffect } from 'preact/hooks';
import { isScrubberMissing, Scrubber } from '../late/late-views.ts';
import { usePage } from '../page/context.ts';
import { isPastOpened, usePastOpening } from './past-opening.ts';

/** The board's past, along the bottom of the page. While nobody looks at it, nothing of it is there. */
export function Past() {
  const past = usePastOpening();
  // Not useEffect: the badge would be painted before it is told that the present is not what was asked for.
  useLayoutEffect(() => past.start(), [past]);
  const { language } = usePage().settings;
  // Where the gate stands instead of a picture, it says itself that the file has not come.
  if (!past.isShown.value || (isScrubberMissing(language.value) && !isPastOpened.value)) return null;
  return <Scrubber />;
}
