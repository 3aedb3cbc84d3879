import { useSignal } from '@preact/signals';
import { useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import { scheduleFrame } from './frame.ts';
import { commitAtOnce } from './rendering.ts';
import { FIRST_PACE, firstRoom, nextPace, type Slice, selectSlice, WHOLE } from './slices.ts';

/**
 * Draws one slice more with each animation frame; `readLines` says how many lines each item has now. It is no longer asked once all is drawn:
 * from then on, what is new is drawn at once.
 */
export function useSlices(readLines: () => readonly number[]): Slice {
  const room = useSignal(useMemo(() => firstRoom(readLines()), []));
  const pace = useRef(FIRST_PACE);
  const slice = room.value === Number.POSITIVE_INFINITY ? WHOLE : selectSlice(readLines(), room.value);
  // A commit that renders anew in between must not put the next slice off.
  useLayoutEffect(() => {
    if (slice.rest === null) {
      room.value = Number.POSITIVE_INFINITY;
      return;
    }
    return scheduleFrame(() => {
      const begun = performance.now();
      commitAtOnce(() => {
        room.value += pace.current;
      });
      pace.current = nextPace(pace.current, performance.now() - begun);
    });
  }, [room.value, slice.rest === null]);
  return slice;
}
