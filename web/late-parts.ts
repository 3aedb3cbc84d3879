/** What a board's first picture can do without comes in one file of its own, after the first commit. */
import { type ReadonlySignal, signal } from '@preact/signals';

export type LateParts = typeof import('./parts/late-parts.ts');

/** The file's name beside the page's; vite.config.ts puts it here. */
declare const LATE_PARTS_FILE: string;

const FIRST_RETRY_MS = 5_000;
const LONGEST_RETRY_MS = 600_000;

const loaded = signal<LateParts | null>(null);
const isMissing = signal(false);
let isAsked = false;

/** Null until they have come. */
export const lateParts: ReadonlySignal<LateParts | null> = loaded;

/** They could not be fetched: the page must say that there is more. */
export const areLatePartsMissing: ReadonlySignal<boolean> = isMissing;

/** A file that an upgrade took away never comes: each failure in a row doubles the wait. */
export const lateRetryAfterMs = (failures: number): number => Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** failures);

/** Chromium remembers for the page's life that an address could not be fetched (whatwg/html#6768): each further try has one of its own. */
const importLateParts = (failures: number): Promise<LateParts> =>
  failures === 0 ? import('./parts/late-parts.ts') : import(/* @vite-ignore */ `${LATE_PARTS_FILE}?${failures}`);

/** Asks for them unless that was done; again and again where they cannot be fetched. The board works without them meanwhile. */
export async function loadLateParts(): Promise<void> {
  if (isAsked) return;
  isAsked = true;
  for (let failures = 0; ; failures++) {
    const parts = await importLateParts(failures)
      .then((late) => late.loadLateStyles(document, failures).then(() => late))
      .catch(() => null);
    isMissing.value = parts === null;
    if (parts !== null) {
      loaded.value = parts;
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, lateRetryAfterMs(failures)));
  }
}
