/** The row that the keyboard is at: one row of a table is in the order of Tab, and arrow keys go to the others. */
import { computed, type ReadonlySignal, signal } from '@preact/signals';

export interface RowCursor {
  /** The first row, until another one was chosen, and when that one is gone. */
  readonly index: ReadonlySignal<number>;
  readonly id: ReadonlySignal<string | undefined>;
  put(id: string): void;
}

export function createRowCursor(ids: ReadonlySignal<readonly string[]>): RowCursor {
  const chosen = signal<string | null>(null);
  const index = computed(() => (chosen.value === null ? 0 : Math.max(0, ids.value.indexOf(chosen.value))));
  return {
    index,
    id: computed(() => ids.value[index.value]),
    put: (id) => {
      chosen.value = id;
    },
  };
}
