/** What the page's life does to its one connection: it is hidden, shown, put into the back/forward cache, and sleeps. A shell. */
import { lateParts } from '../late/late-parts-file.ts';
import type { ConnectionModel } from '../stream/connection-model.ts';
import type { Stream } from '../stream/stream.ts';

/** A hidden page gives its connection back after this long (argo-cd#4269: HTTP/1.1 has six per origin). */
const HIDDEN_CLOSE_AFTER_MS = 60_000;
const TICK_INTERVAL_MS = 1_000;
/** Timers that stood still for this long mean that the machine slept (argo-cd#25327: a stream that sleeps comes back dead). */
const SLEPT_AFTER_MS = 20_000;
/** In a hidden tab timers run once a minute. */
const HIDDEN_SLEPT_AFTER_MS = 80_000;

/** Answers how to stop. */
export function followPageLife(stream: Stream, connection: Pick<ConnectionModel, 'readSleep' | 'tick'>): () => void {
  let wallAt = Date.now();
  let steadyAt = performance.now();
  let sleptAfterMs = SLEPT_AFTER_MS;
  const tick = (): void => {
    const length = Date.now() - wallAt;
    // By system, the steady clock runs on while the machine sleeps, or stands still.
    const missed = length - (performance.now() - steadyAt);
    wallAt += length;
    steadyAt += length - missed;
    if (length > sleptAfterMs) {
      connection.readSleep(missed);
      stream.distrust();
    }
    sleptAfterMs = isHidden() ? HIDDEN_SLEPT_AFTER_MS : SLEPT_AFTER_MS;
    connection.tick();
  };
  const closing = new AbortController();
  const { signal } = closing;
  let timer: ReturnType<typeof setTimeout> | undefined;
  // Whoever asked for notifications asked for the stream that they come by.
  const giveBack = (): void => {
    if (!lateParts.peek()?.keepsStreamHidden()) stream.hide();
  };
  const follow = (): void => {
    clearTimeout(timer);
    if (isHidden()) timer = setTimeout(giveBack, HIDDEN_CLOSE_AFTER_MS);
    else {
      tick();
      stream.show();
    }
  };
  document.addEventListener('visibilitychange', follow, { signal });
  // A page in the back/forward cache must hold no connection; a hidden tab may, for a while.
  addEventListener('pagehide', stream.hide, { signal });
  addEventListener('pageshow', follow, { signal });
  const ticker = setInterval(tick, TICK_INTERVAL_MS);
  follow();
  return () => {
    closing.abort();
    clearTimeout(timer);
    clearInterval(ticker);
  };
}

const isHidden = (): boolean => document.visibilityState === 'hidden';
