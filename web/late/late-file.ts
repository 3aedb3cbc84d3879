/** A file of the page that comes after its first load, when something of it is wanted. A shell. */
import { type ReadonlySignal, type Signal, signal } from '@preact/signals';
import { isPageServed, isReloadedPage, isWallReloadDue } from './wall-reload.ts';

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

/** Written `() => import('…')`; the build (vite.config.ts) puts what it is given behind the file's address. */
export type ImportFile<Exports> = (again?: string) => Promise<Exports>;

/**
 * A file under an address of its own for each further try, `failures` counted from 0. Chromium up to 150 at least remembers for the page's life
 * that an address could not be fetched; Chromium 156 asks again (whatwg/html#6768). What the file names itself (`shared`) has one address: in
 * a browser that remembers, only loading the page anew helps where that failed, which the page offers, and a wall does by itself
 * (wall-reload.ts).
 */
export const importLate = <Exports>(importFile: ImportFile<Exports>, failures: number): Promise<Exports> =>
  importFile(failures > 0 ? `?${failures}` : '');

/** `prepare` belongs to its coming, and says itself where what it waits for is missing. */
export function lateFile<Exports>(
  importFile: ImportFile<Exports>,
  prepare?: (exports: Exports, failures: number, isMissing: Signal<boolean>) => Promise<unknown>,
): LateFile<Exports> {
  const exports = signal<Exports | null>(null);
  const isMissing = signal(false);
  let loading: Promise<void> | null = null;

  async function loadUntilThere(): Promise<void> {
    for (let failures = 0; ; failures++) {
      try {
        if (isWallReloadDue(failures, location.search, isReloadedPage()) && (await isPageServed())) location.reload();
        const loaded: Exports = await importLate(importFile, failures);
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
