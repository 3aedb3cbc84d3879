/** Which blocks of a table are near the window, and how high they are. A shell over the browser's observer; table-blocks.ts decides. */
import { type ReadonlySignal, type Signal, signal } from '@preact/signals';
import { entry } from '../../core/entry.ts';

/** What is near the window is there before it comes into it. */
const NEAR_MARGIN = '100% 0px';
/** Until the first rows are measured. */
const USUAL_ROW_PX = 40;

export interface BlockWatch {
  isNear(index: number): ReadonlySignal<boolean>;
  readonly isPrinted: ReadonlySignal<boolean>;
  /** Of a block of so many rows, in pixels. */
  heightOf(index: number, rows: number): number;
  /** Answers how to stop. */
  observe(body: Element, index: number): () => void;
  close(): void;
}

export function createBlockWatch(): BlockWatch {
  const near = new Map<number, Signal<boolean>>();
  const indexes = new WeakMap<Element, number>();
  const heights = new Map<number, number>();
  /** Near, and not drawn yet. */
  const coming = new Set<number>();
  const isPrinted = signal(false);
  let frame: number | null = null;
  let rowHeight = USUAL_ROW_PX;
  let width = 0;

  // The first paint shows the first block, before anything is observed.
  const nearOf = (index: number): Signal<boolean> => entry(near, index, () => signal(index === 0));

  function measure(body: Element, index: number, { height, width: measured }: DOMRectReadOnly): void {
    // Rows are as high as the window lets them be.
    if (measured !== width) heights.clear();
    width = measured;
    const rows = body.querySelectorAll(':scope > tr:not(.table-gap)').length;
    if (rows === 0) return;
    heights.set(index, height);
    rowHeight = height / rows;
  }

  /** One block in a frame: all that a jump brings near would take longer than one. */
  function drawComing(): void {
    frame ??= requestAnimationFrame(() => {
      frame = null;
      const [index] = coming;
      if (index === undefined) return;
      coming.delete(index);
      nearOf(index).value = true;
      drawComing();
    });
  }

  const observer = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting, boundingClientRect } of entries) {
        const index = indexes.get(target);
        if (index === undefined) continue;
        measure(target, index, boundingClientRect);
        const isSeen = boundingClientRect.bottom > 0 && boundingClientRect.top < innerHeight;
        if (isIntersecting && !isSeen) coming.add(index);
        else {
          coming.delete(index);
          nearOf(index).value = isIntersecting;
        }
      }
      drawComing();
    },
    { rootMargin: NEAR_MARGIN },
  );

  const print = (event: Event): void => {
    isPrinted.value = event.type === 'beforeprint';
  };
  addEventListener('beforeprint', print);
  addEventListener('afterprint', print);

  return {
    isNear: nearOf,
    isPrinted,
    heightOf: (index, rows) => heights.get(index) ?? rowHeight * rows,
    observe(body, index) {
      indexes.set(body, index);
      observer.observe(body);
      return () => {
        observer.unobserve(body);
        near.delete(index);
        coming.delete(index);
      };
    },
    close() {
      if (frame !== null) cancelAnimationFrame(frame);
      observer.disconnect();
      removeEventListener('beforeprint', print);
      removeEventListener('afterprint', print);
    },
  };
}
