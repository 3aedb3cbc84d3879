/**
 * Where a part cannot be rendered and nobody catches that, Preact breaks off in the middle: the first picture stays blank, or what stood there
 * stays in the page beside what is rendered next, and a VM would stand in two places. Here that part alone stays as it was until its next
 * rendering, and one that never was is left out; the others are rendered. From the page's first rendering on.
 */
import { type Signal, signal } from '@preact/signals';
import { type Options, options, type VNode } from 'preact';

/** As the built Preact calls it: what it does about an error. `earlier` only where it is one of a rendering. */
interface ErrorHooks extends Options {
  __e?: (error: unknown, rendering: VNode, earlier?: VNode, info?: unknown) => void;
}

/** The page must say that something of it is missing, for as long as it is open: which part, and since when, is not known. */
export const hasFailedRendering: Signal<boolean> = signal(false);

const hooks: ErrorHooks = options;
const { __e: handle } = hooks;
hooks.__e = (...failure) => {
  try {
    handle?.(...failure);
  } catch (uncaught) {
    if (failure[2] === undefined) throw uncaught;
    hasFailedRendering.value = true;
    reportError(uncaught);
  }
};
