/** What a board's first picture can do without comes in one file of its own, after the first commit. */
import { type ReadonlySignal, signal } from '@preact/signals';

export type LateParts = typeof import('./parts/late-parts.ts');

const loaded = signal<LateParts | null>(null);
let isLoading = false;

/** Null until they have come. */
export const lateParts: ReadonlySignal<LateParts | null> = loaded;

/** Asks for them unless that was done. A file that cannot be fetched is asked for again with the next call; the board works without. */
export async function loadLateParts(): Promise<void> {
  if (isLoading) return;
  isLoading = true;
  try {
    loaded.value = await import('./parts/late-parts.ts');
  } catch {
    isLoading = false;
  }
}
