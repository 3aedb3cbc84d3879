/** What a board's first picture can do without comes in one file of its own, after the first commit. */
import { type ReadonlySignal, signal } from '@preact/signals';

export type LateParts = typeof import('./parts/late-parts.ts');

const RETRY_AFTER_MS = 5_000;

const loaded = signal<LateParts | null>(null);
let isLoading = false;

/** Null until they have come. */
export const lateParts: ReadonlySignal<LateParts | null> = loaded;

/** Asks for them unless that was done; again and again where they cannot be fetched. The board works without them meanwhile. */
export async function loadLateParts(): Promise<void> {
  if (isLoading) return;
  isLoading = true;
  try {
    loaded.value = await import('./parts/late-parts.ts');
  } catch {
    setTimeout(() => {
      isLoading = false;
      void loadLateParts();
    }, RETRY_AFTER_MS);
  }
}
