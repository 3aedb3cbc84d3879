/**
 * A commit is rendered when it returns, and not a microtask later as Preact would have it: whoever measures where chips stand
 * after a commit (motion.ts, trails-model.ts) must find them there, and no script may see a header that disagrees with its cards.
 */
import { batch } from '@preact/signals';
import { options } from 'preact';

let isHolding = false;
let held: (() => void) | null = null;

options.debounceRendering = (flush) => {
  if (isHolding) held = flush;
  else queueMicrotask(flush);
};

/** Makes the change and renders all that follows from it before it returns. Call it from a task of its own, not from an event. */
export function commitAtOnce(change: () => void): void {
  isHolding = true;
  try {
    batch(change);
  } finally {
    isHolding = false;
    const flush = held;
    held = null;
    flush?.();
  }
}
