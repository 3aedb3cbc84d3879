/** What is painted of the past: one commit per animation frame, as of the present. A shell. */
import { type ReadonlySignal, signal } from '@preact/signals';
import { type Changes, scheduleFrame } from '../rendering/frame.ts';
import type { ClusterSession } from '../stream/cluster-session.ts';
import { type News, newsOf } from './past-news.ts';
import { momentOf, type PastWindow } from './past-window.ts';

export interface PastPainter {
  /** Null while the present is painted. */
  window(): PastWindow | null;
  /** What the frame did that led to what is painted; empty at a moment between frames. */
  readonly news: ReadonlySignal<readonly News[]>;
  /** Answers whether it was painted, or given up before. */
  paint(window: PastWindow, changes: Changes, aborted: AbortSignal): Promise<boolean>;
  /** The same position in a window that holds more. */
  hold(window: PastWindow): void;
  /** Back to the present. */
  clear(): void;
}

export function createPastPainter({ paintPast, paintPresent }: ClusterSession): PastPainter {
  const news = signal<readonly News[]>([]);
  let painted: PastWindow | null = null;
  return {
    window: () => painted,
    news,
    paint: (window, changes, aborted) =>
      new Promise((resolve) => {
        if (aborted.aborted) return resolve(false);
        const giveUp = (): void => {
          cancel();
          resolve(false);
        };
        const cancel = scheduleFrame(() => {
          // A film is one trip: what waits for its end would hold every picture of it until then.
          aborted.removeEventListener('abort', giveUp);
          paintPast(changes, momentOf(window));
          // Not before: what waits to be rendered when the picture is painted would keep the picture waiting with it.
          news.value = newsOf(window);
          painted = window;
          resolve(true);
        });
        aborted.addEventListener('abort', giveUp);
      }),
    hold(window) {
      painted = window;
    },
    clear() {
      painted = null;
      news.value = [];
      paintPresent();
    },
  };
}
