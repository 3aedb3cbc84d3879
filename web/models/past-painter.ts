/** What is painted of the past: one commit per animation frame, as of the present. A shell. */
import { batch, type ReadonlySignal, signal } from '@preact/signals';
import { type Changes, scheduleFrame } from '../frame.ts';
import { type News, newsOf } from '../past-news.ts';
import { momentOf, type PastWindow } from '../past-window.ts';
import type { ClusterSession } from './cluster-session.ts';

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
        const cancel = scheduleFrame(() => {
          batch(() => {
            news.value = newsOf(window);
          });
          paintPast(changes, momentOf(window));
          painted = window;
          resolve(true);
        });
        aborted.addEventListener('abort', () => {
          cancel();
          resolve(false);
        });
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
