import { effect } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { useSession } from '../page/context.ts';
import type { ClusterSession } from './cluster-session.ts';
import { createDigestWatch, formatDrift, isDriftDue } from './digest-watch.ts';

/** When this page last fetched a picture because of its digest, on the steady clock: for all boards together, so that none is a storm. */
let actedAt: number | null = null;

/** Compares what is held with what the room says of it (D6), when the page has nothing else to do. Shows nothing. */
export function DriftWatch() {
  const session = useSession();
  useEffect(() => watchDrift(session), [session]);
  return null;
}

function watchDrift({ name, connection, held, doubt, followCommits }: ClusterSession): () => void {
  const watch = createDigestWatch();
  let cancel: (() => void) | null = null;

  function wake(): void {
    cancel ??= whenIdle(work);
  }
  function work(): void {
    cancel = null;
    if (watch.digestSlice()) wake();
    else act();
  }
  function act(): void {
    const drift = watch.compare();
    const now = performance.now();
    if (drift === null || !isDriftDue(connection.badge.peek().kind, actedAt, now)) return;
    actedAt = now;
    console.warn(
      `Hostview: the picture of ${name} at ${drift.cursor} has the digest ${drift.own} instead of ${drift.told}; it is fetched anew.`,
    );
    doubt(formatDrift(drift));
  }

  const state = held();
  if (state !== null) watch.restart(state);
  const unfollow = followCommits((changes) => {
    if (connection.past.peek() !== null) return;
    watch.read(changes);
    wake();
  });
  // What could not be acted upon is looked at again when the stream is back, and with each heartbeat.
  const stop = effect(() => {
    connection.badge.value;
    connection.lastHeard.value;
    wake();
  });
  return () => {
    stop();
    unfollow();
    cancel?.();
  };
}

/** Not every browser tells when it is idle; a moment later will do then. */
const NEXT_SLICE_AFTER_MS = 50;

function whenIdle(run: () => void): () => void {
  if (typeof requestIdleCallback === 'function') {
    const id = requestIdleCallback(run);
    return () => cancelIdleCallback(id);
  }
  const timer = setTimeout(run, NEXT_SLICE_AFTER_MS);
  return () => clearTimeout(timer);
}
