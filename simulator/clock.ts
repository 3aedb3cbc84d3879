/** Time as a parameter: the machine's clock for `npm start`, a virtual one that runs hours in milliseconds for tests. */

export interface Timer {
  cancel(): void;
}

export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  setTimer(callback: () => void, delayMs: number): Timer;
}

export interface VirtualClock extends Clock {
  /** Runs every timer that falls due within the next `ms`, in order. */
  advance(ms: number): void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  setTimer: (callback, delayMs) => {
    const timer = setTimeout(callback, delayMs);
    return { cancel: () => clearTimeout(timer) };
  },
};

/** A clock that stands still until it is advanced. */
export function createVirtualClock(startMs = Date.UTC(2026, 10, 1)): VirtualClock {
  let now = startMs;
  let count = 0;
  const timers = new Map<number, { readonly at: number; readonly callback: () => void }>();

  const takeNext = (until: number): { readonly at: number; readonly callback: () => void } | null => {
    let chosen: number | null = null;
    let chosenAt = Number.POSITIVE_INFINITY;
    for (const [id, timer] of timers) {
      if (timer.at <= until && timer.at < chosenAt) {
        chosen = id;
        chosenAt = timer.at;
      }
    }
    if (chosen === null) return null;
    const timer = timers.get(chosen) ?? null;
    timers.delete(chosen);
    return timer;
  };

  return {
    now: () => now,
    setTimer(callback, delayMs) {
      count += 1;
      const id = count;
      timers.set(id, { at: now + Math.max(0, delayMs), callback });
      return { cancel: () => timers.delete(id) };
    },
    advance(ms) {
      const until = now + ms;
      for (let timer = takeNext(until); timer !== null; timer = takeNext(until)) {
        now = timer.at;
        timer.callback();
      }
      now = until;
    },
  };
}

/** A clock whose timers can all be cancelled at once. */
export function createTimerGroup(clock: Clock): Clock & { cancelAll(): void } {
  const timers = new Set<Timer>();
  return {
    now: () => clock.now(),
    setTimer(callback, delayMs) {
      const timer = clock.setTimer(() => {
        timers.delete(timer);
        callback();
      }, delayMs);
      timers.add(timer);
      return {
        cancel() {
          timers.delete(timer);
          timer.cancel();
        },
      };
    },
    cancelAll() {
      for (const timer of timers) timer.cancel();
      timers.clear();
    },
  };
}
