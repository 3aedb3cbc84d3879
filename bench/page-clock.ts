/**
 * What runs in a page that is measured, before its own scripts: marks for the trace, and the times that a trace does not tell. It changes
 * nothing in the page but that it listens first.
 */
export interface PageClock {
  /** Settles when the picture at this cursor was handed to the screen. */
  painted(cursor: string): Promise<void>;
  /** Settles when as many chips as were wanted were handed to the screen. */
  readonly whole: Promise<void>;
  /** From the snapshot's arrival to the first card and to all chips, milliseconds. */
  mounted(): { readonly board: number; readonly whole: number };
  /** From a frame's arrival to its picture, milliseconds. */
  frameMs(cursor: string): number;
  /** Animation frames in so long a time after a frame's picture, and the longest time without one. */
  framesAfter(cursor: string, lengthMs: number): { readonly count: number; readonly worst: number };
  /** From the last click to the picture after it, milliseconds. */
  clicked(): Promise<number>;
  largestPaint(): number;
  /** How far what was painted has moved by itself, as the browser scores it (CLS, but all of it, and not the worst five seconds). */
  shifted(): number;
}

/** Where it is found: `(globalThis as unknown as ClockHolder).benchClock`, written out in what runs in the page. */
export interface ClockHolder {
  benchClock: PageClock;
}

/** `chips`: how many are the whole board; `travelMs`: so long after each picture there is one more mark. Refers to nothing outside itself. */
export function installClock([chips, travelMs]: readonly [chips: number, travelMs: number]): void {
  performance.mark('bench:start');
  const seen = new Map<string, number>();
  const paintedAt = new Map<string, number>();
  const waiting = new Map<string, () => void>();
  const animationFrames: number[] = [];
  const board = { first: Number.NaN, whole: Number.NaN, settle: (): void => {} };
  let largestPaint = Number.NaN;
  let shifted = 0;
  let click: Promise<number> = Promise.resolve(Number.NaN);

  // A message that is posted while a frame is made is a task of its own, behind the frame's styles, layout and paint.
  const afterPaint = (run: () => void): void => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = run;
    port2.postMessage(null);
  };
  const snapshotAt = (): number =>
    (performance.getEntriesByType('resource') as PerformanceResourceTiming[]).find(({ name }) => name.endsWith('/clusters/lab'))
      ?.responseEnd ?? Number.NaN;

  const listen = EventSource.prototype.addEventListener;
  EventSource.prototype.addEventListener = function (this: EventSource, name: string, listener: (event: MessageEvent<string>) => void) {
    listen.call(this, name, (event: Event) => {
      const message = event as MessageEvent<string>;
      if (name === 'frame') {
        seen.set(message.lastEventId, performance.now());
        performance.mark(`bench:seen:${message.lastEventId}`);
      }
      listener(message);
    });
  } as typeof listen;

  new MutationObserver(() => {
    const cursor = document.documentElement.dataset.cursor ?? '';
    afterPaint(() => {
      performance.mark(`bench:painted:${cursor}`);
      paintedAt.set(cursor, performance.now());
      setTimeout(() => performance.mark(`bench:travelled:${cursor}`), travelMs);
      waiting.get(cursor)?.();
    });
  }).observe(document, { subtree: true, attributeFilter: ['data-cursor'] });

  new MutationObserver((_, observer) => {
    if (Number.isNaN(board.first) && document.querySelector('[data-host]') !== null) {
      board.first = 0;
      afterPaint(() => {
        board.first = performance.now();
        performance.mark('bench:board');
      });
    }
    if (document.getElementsByClassName('chip').length < chips) return;
    observer.disconnect();
    afterPaint(() => {
      board.whole = performance.now();
      board.settle();
    });
  }).observe(document, { subtree: true, childList: true });

  new PerformanceObserver((list) => {
    largestPaint = list.getEntries().at(-1)?.startTime ?? largestPaint;
  }).observe({ type: 'largest-contentful-paint', buffered: true });

  new PerformanceObserver((list) => {
    for (const { value, hadRecentInput } of list.getEntries() as (PerformanceEntry & { value: number; hadRecentInput: boolean })[])
      if (!hadRecentInput) shifted += value;
  }).observe({ type: 'layout-shift', buffered: true });

  new PerformanceObserver((list) => {
    if (list.getEntriesByName('first-contentful-paint').length > 0) performance.mark('bench:first-paint');
  }).observe({ type: 'paint', buffered: true });

  const count = (): void => {
    animationFrames.push(performance.now());
    requestAnimationFrame(count);
  };
  requestAnimationFrame(count);

  const timeClick = ({ timeStamp }: MouseEvent): void => {
    click = new Promise((resolve) => {
      requestAnimationFrame(() => afterPaint(() => resolve(performance.now() - timeStamp)));
    });
  };
  addEventListener('click', timeClick, { capture: true });

  const clock: PageClock = {
    painted: (cursor) => (paintedAt.has(cursor) ? Promise.resolve() : new Promise((resolve) => void waiting.set(cursor, resolve))),
    whole: new Promise((resolve) => {
      board.settle = resolve;
    }),
    mounted: () => ({ board: board.first - snapshotAt(), whole: board.whole - snapshotAt() }),
    frameMs: (cursor) => (paintedAt.get(cursor) ?? Number.NaN) - (seen.get(cursor) ?? Number.NaN),
    framesAfter(cursor, lengthMs) {
      const from = paintedAt.get(cursor) ?? Number.NaN;
      const inTime = animationFrames.filter((at) => at > from && at <= from + lengthMs);
      // The one that is still out at the end of the time counts for the worst.
      const ends = [...inTime, animationFrames.find((at) => at > from + lengthMs) ?? performance.now()];
      return { count: inTime.length, worst: Math.max(...ends.map((at, index) => at - (ends[index - 1] ?? from))) };
    },
    clicked: () => click,
    largestPaint: () => largestPaint,
    shifted: () => shifted,
  };
  (globalThis as unknown as ClockHolder).benchClock = clock;
}
