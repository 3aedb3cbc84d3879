/** A file of the page that comes after its first load, when something of it is wanted. A shell. */
import { type ReadonlySignal, type Signal, signal } from '@preact/signals';

const FIRST_RETRY_MS = 5_000;
const LONGEST_RETRY_MS = 600_000;

export interface LateFile<Exports> {
  /** Null until it has come. */
  readonly exports: ReadonlySignal<Exports | null>;
  /** It could not be fetched: the page must say that there is more. */
  readonly isMissing: ReadonlySignal<boolean>;
  /** Asks for it unless that was done; again and again where it cannot be fetched. Settles when it has come. */
  load(): Promise<void>;
}

/** A file that an upgrade took away never comes: each failure in a row doubles the wait. */
export const lateRetryAfterMs = (failures: number): number => Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** failures);

/**
 * `path` answers its name beside the page's, which vite.config.ts knows. Chromium remembers for the page's life that an address could
 * not be fetched (whatwg/html#6768): each further try has one of its own. What the file names itself (`shared`) has none: where that failed,
 * only loading the page anew helps, which the page offers. `prepare` belongs to its coming, and says itself where what it waits for is missing.
 */
export function lateFile<Exports>(
  importFirst: () => Promise<Exports>,
  path: () => string,
  prepare?: (exports: Exports, failures: number, isMissing: Signal<boolean>) => Promise<unknown>,
): LateFile<Exports> {
  const exports = signal<Exports | null>(null);
  const isMissing = signal(false);
  let loading: Promise<void> | null = null;

  async function loadUntilThere(): Promise<void> {
    for (let failures = 0; ; failures++) {
      try {
        const loaded: Exports = await (failures === 0 ? importFirst() : import(/* @vite-ignore */ `${path()}?${failures}`));
        await prepare?.(loaded, failures, isMissing);
        isMissing.value = false;
        exports.value = loaded;
        return;
      } catch {
        isMissing.value = true;
      }
      await new Promise((resolve) => setTimeout(resolve, lateRetryAfterMs(failures)));
    }
  }

  return {
    exports,
    isMissing,
    load: () => (loading ??= loadUntilThere()),
  };
}
