/** Saves files at a reader's click, and keeps how it went. */
import { type ReadonlySignal, useSignal } from '@preact/signals';
import type { ExportFile } from './export.ts';
import { saveFile } from './export-download.ts';

/** The name under which it was saved. */
export type Saving = { readonly saved: string } | 'failed' | null;

export interface Save {
  readonly saving: ReadonlySignal<Saving>;
  /** What is to be saved is read at once. */
  save(make: () => ExportFile): Promise<void>;
}

export function useSave(): Save {
  const saving = useSignal<Saving>(null);
  return {
    saving,
    async save(make) {
      // The same name twice is told twice.
      saving.value = null;
      try {
        const file = make();
        await saveFile(file);
        saving.value = { saved: file.name };
      } catch {
        saving.value = 'failed';
      }
    },
  };
}
