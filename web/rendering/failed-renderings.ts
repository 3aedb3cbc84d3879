/**
 * Where a part cannot be rendered and nobody catches that, Preact breaks off in the middle: what stood there stays in the page beside what is
 * rendered next, and a VM would stand in two places. Here that part alone stays as it was until its next rendering; the others are rendered.
 */
import { type Options, options, type VNode } from 'preact';

/** As the built Preact calls it: what it does about an error. `earlier` only where it is one of a rendering. */
interface ErrorHooks extends Options {
  __e?: (error: unknown, rendering: VNode, earlier?: VNode, info?: unknown) => void;
}

/** From now on; to be called once. `tell` is called with each error. */
export function containFailedRenderings(tell: (error: unknown) => void): void {
  const hooks: ErrorHooks = options;
  const { __e: handle } = hooks;
  hooks.__e = (error, rendering, earlier, info) => {
    try {
      handle?.(error, rendering, earlier, info);
    } catch (uncaught) {
      if (earlier === undefined) throw uncaught;
      tell(uncaught);
    }
  };
}
