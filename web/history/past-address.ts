/** The moment in the address: written when the page goes there by itself, followed when somebody else writes it. A shell. */
import { effect } from '@preact/signals';
import type { PageStateModel } from '../page/page-state-model.ts';

export interface PastAddress {
  /** Null: the present. */
  said(): number | null;
  /** With an entry in the browser's history. */
  go(at: number | null): void;
  /** Steps follow each other quickly: the address follows when they rest. `moment` is asked then. */
  follow(moment: () => number | null): void;
  /** At once, without an entry: what is shown, where it is not what the address named. */
  settle(at: number | null): void;
  /** Calls `changed` where somebody else names another moment, and at once where one is named. Answers how to stop. */
  watch(changed: (at: number | null) => void): () => void;
  /** What has not been written yet is not. */
  rest(): void;
}

/** Browsers take only so many replacements of the address in a while (Safari: 100 in 30 s). */
const WRITE_AFTER_MS = 400;

export function createPastAddress({ state, go, adjust }: PageStateModel): PastAddress {
  let said: number | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function write(at: number | null, change: typeof go): void {
    clearTimeout(timer);
    if (at === said) return;
    said = at;
    change({ at });
  }

  return {
    said: () => said,
    go: (at) => write(at, go),
    follow(moment) {
      clearTimeout(timer);
      if (said === null) write(moment(), go);
      else timer = setTimeout(() => write(moment() ?? said, adjust), WRITE_AFTER_MS);
    },
    settle: (at) => write(at, adjust),
    watch(changed) {
      said = null;
      return effect(() => {
        const { at } = state.value;
        if (at === said) return;
        clearTimeout(timer);
        said = at;
        changed(at);
      });
    },
    rest: () => clearTimeout(timer),
  };
}
