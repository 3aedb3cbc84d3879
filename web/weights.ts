/**
 * The numbers that an order goes by. While it is held they stay as they were, so that nothing changes places under a pointer; what comes
 * anew stands at its absent weight meanwhile. Pure but for its own maps.
 */

export interface Weights {
  /** By which the order goes. */
  of(name: string): number;
  /** Answers whether the order may be another one now. */
  set(name: string, weight: number): boolean;
  /** The order waits, or no longer does. Answers whether it may be another one now. */
  hold(isHeld: boolean): boolean;
  /** It waits, and would be another one. */
  isBehind(): boolean;
}

/** `absent`: what something weighs that was never set, and what may be forgotten of it. */
export function createWeights(absent: number): Weights {
  const actual = new Map<string, number>();
  /** As they were when the order began to wait: of those that have changed since. */
  const held = new Map<string, number>();
  let isHeld = false;
  return {
    of: (name) => held.get(name) ?? actual.get(name) ?? absent,
    set(name, weight) {
      const before = actual.get(name) ?? absent;
      if (before === weight) return false;
      if (weight === absent) actual.delete(name);
      else actual.set(name, weight);
      if (isHeld && !held.has(name)) held.set(name, before);
      return !isHeld;
    },
    hold(next) {
      isHeld = next;
      const isLate = !next && held.size > 0;
      if (!next) held.clear();
      return isLate;
    },
    isBehind: () => held.size > 0,
  };
}
