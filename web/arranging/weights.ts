/**
 * Holds an order still while somebody points at it: what it goes by stays as it was, of all that is there. Whoever orders keeps the numbers
 * of now; here is only what has changed since. Pure but for its own map.
 */

export interface HeldWeights {
  /** By which the order goes, where it would be `now`. */
  of(name: string, now: number): number;
  /** It weighs something else now. Answers whether the order may be another one now. */
  change(name: string, before: number, after: number): boolean;
  /** It has come or gone: nobody has seen it change. */
  forget(name: string): void;
  /** The order waits, or no longer does. Answers whether it may be another one now. */
  hold(isHeld: boolean): boolean;
  /** It waits, and would be another one. */
  isBehind(): boolean;
}

export function createHeldWeights(): HeldWeights {
  const held = new Map<string, number>();
  let isHeld = false;
  return {
    of: (name, now) => held.get(name) ?? now,
    change(name, before, after) {
      if (before === after) return false;
      if (!isHeld) return true;
      // A pointer may rest on the board for weeks: what is as it was is not remembered.
      if (held.get(name) === after) held.delete(name);
      else if (!held.has(name)) held.set(name, before);
      return false;
    },
    forget: (name) => void held.delete(name),
    hold(next) {
      isHeld = next;
      const isLate = !next && held.size > 0;
      if (!next) held.clear();
      return isLate;
    },
    isBehind: () => held.size > 0,
  };
}
