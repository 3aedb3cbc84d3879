/** One open watch on a socket: writes what its cursor reads, as fast as the reader takes it, until time is up. Decides nothing. */
import type { ServerResponse } from 'node:http';
import type { Clock, Timer } from './clock.ts';
import type { WatchCursor } from './watch-cursor.ts';

export interface WatchStream {
  /** Something was written, or may be said again. */
  wake(): void;
  /** Breaks the connection without a farewell. */
  cut(): void;
}

export interface WatchStreamOptions {
  readonly clock: Clock;
  readonly timeoutMs: number;
  /** Null without `allowWatchBookmarks`. */
  readonly bookmarkIntervalMs: number | null;
  readonly isFrozen: () => boolean;
  readonly onClose: () => void;
}

/** A real server's last bookmark comes one to two seconds before the end. */
const LAST_BOOKMARK_MS = 1500;

export function openWatchStream(response: ServerResponse, cursor: WatchCursor, options: WatchStreamOptions): WatchStream {
  const { clock, timeoutMs, bookmarkIntervalMs } = options;
  const timers = new Set<Timer>();
  let closed = false;
  let blocked = false;
  let scheduled = false;

  const after = (ms: number, callback: () => void): void => {
    const timer = clock.setTimer(() => {
      timers.delete(timer);
      callback();
    }, ms);
    timers.add(timer);
  };
  const finish = (): void => {
    if (closed) return;
    closed = true;
    for (const timer of timers) timer.cancel();
    options.onClose();
  };
  const write = (text: string): void => {
    blocked = !response.write(text);
  };
  const pump = (): void => {
    scheduled = false;
    while (!closed && !blocked && !options.isFrozen()) {
      const { lines, ended } = cursor.read();
      if (lines.length > 0) write(lines.join(''));
      if (ended) response.end();
      if (lines.length === 0 || ended) return;
    }
  };
  /** Writes made in one turn of the event loop leave in one packet. */
  const wake = (): void => {
    if (scheduled || closed) return;
    scheduled = true;
    queueMicrotask(pump);
  };
  const sayBookmark = (): void => {
    pump();
    if (closed || blocked || options.isFrozen()) return;
    const bookmark = cursor.bookmark();
    if (bookmark !== null) write(bookmark);
  };
  const repeatBookmark = (intervalMs: number): void => {
    after(intervalMs, () => {
      sayBookmark();
      repeatBookmark(intervalMs);
    });
  };

  response.on('drain', () => {
    blocked = false;
    wake();
  });
  response.on('close', finish);
  response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-cache, private' });
  response.flushHeaders();
  if (bookmarkIntervalMs !== null) {
    repeatBookmark(bookmarkIntervalMs);
    after(Math.max(timeoutMs - LAST_BOOKMARK_MS, timeoutMs / 2), sayBookmark);
  }
  after(timeoutMs, () => {
    pump();
    finish();
    response.end();
  });
  wake();

  return {
    wake,
    cut() {
      finish();
      response.destroy();
    },
  };
}
