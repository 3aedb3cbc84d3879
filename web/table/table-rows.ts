/** Which rows a table shows, and in which order: the newest, unless somebody points at it (then {@link holdRows}). */
import { batch, type ReadonlySignal, signal } from '@preact/signals';
import { isEqualJson } from '../../core/equal.ts';
import { holdRows } from './table-hold.ts';

export interface TableRows {
  readonly ids: ReadonlySignal<readonly string[]>;
  /** Another number with each {@link replace}: nothing that is drawn stays where it is. */
  readonly turn: ReadonlySignal<number>;
  /** The rows stand otherwise than they would, because they are held. */
  readonly isBehind: ReadonlySignal<boolean>;
  /** What there is to show now. */
  follow(next: readonly string[]): void;
  /** The reader has asked for it: another order, another search. That is not held up. */
  replace(next: readonly string[]): void;
  hold(isHeld: boolean): void;
}

export function createTableRows(): TableRows {
  const ids = signal<readonly string[]>([]);
  const turn = signal(0);
  const isBehind = signal(false);
  let next = ids.peek();
  let isHeld = false;
  /** How many rows stood there when they were held, or asked for while they are. */
  let first = 0;

  function show(shown: readonly string[]): void {
    batch(() => {
      ids.value = shown;
      isBehind.value = shown !== next && !isEqualJson(shown, next);
    });
  }
  const settle = (): void => show(isHeld ? holdRows(ids.peek(), next, first) : next);

  return {
    ids,
    turn,
    isBehind,
    follow(changed) {
      if (changed === next) return;
      next = changed;
      settle();
    },
    replace(asked) {
      next = asked;
      first = asked.length;
      batch(() => {
        turn.value++;
        show(asked);
      });
    },
    hold(held) {
      if (held && !isHeld) first = ids.peek().length;
      isHeld = held;
      settle();
    },
  };
}
