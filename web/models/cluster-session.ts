/** One open board: stream → frame buffer → model, and what the page's life does to it. */
import { type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { ClusterState } from '../../core/cluster-state.ts';
import type { ClusterName, VmId } from '../../core/model.ts';
import { type Changes, createFrameBuffer, scheduleFrame } from '../frame.ts';
import { lateParts, loadLateParts } from '../late-parts.ts';
import { commitAtOnce } from '../rendering.ts';
import { BROWSER_PLATFORM, openStream } from '../stream.ts';
import { type ClusterModel, createClusterModel } from './cluster-model.ts';
import { type ConnectionModel, createConnectionModel } from './connection-model.ts';

/** A hidden page gives its connection back after this long (argo-cd#4269: HTTP/1.1 has six per origin). */
const HIDDEN_CLOSE_AFTER_MS = 60_000;
const TICK_INTERVAL_MS = 1_000;
/** Timers that stood still for this long mean that the machine slept (argo-cd#25327: a stream that sleeps comes back dead). */
const SLEPT_AFTER_MS = 20_000;

export interface ClusterSession {
  readonly name: ClusterName;
  readonly displayName: ReadonlySignal<string>;
  readonly cluster: ClusterModel;
  readonly connection: ConnectionModel;
  /** The VM whose details are open. */
  readonly selected: Signal<VmId | null>;
  /** Calls `follow` after each commit, when the page is laid out anew and before it is shown. Answers how to stop. */
  followCommits(follow: (changes: Changes) => void): () => void;
  /** What is held, which may be ahead of what is painted; null before the first snapshot. */
  held(): ClusterState | null;
  /** Fetches the whole picture anew, for the one that is held is wrong: `report` tells the room so (D6). */
  doubt(report: string): void;
  /** The visitor has signed in: a connection that was refused is tried anew. */
  admit(): void;
  close(): void;
}

export function openClusterSession(name: ClusterName): ClusterSession {
  const cluster = createClusterModel();
  const connection = createConnectionModel(BROWSER_PLATFORM.now, cluster.hasPicture);
  const displayName = signal<string>(name);
  const selected = signal<VmId | null>(null);
  const followers = new Set<(changes: Changes) => void>();
  let drift: string | null = null;

  const buffer = createFrameBuffer(scheduleFrame, (changes) => {
    const commit = (): void => {
      commitAtOnce(() => cluster.paint(changes));
      for (const follow of followers) follow(changes);
    };
    const late = lateParts.peek();
    if (late === null) commit();
    else late.commitWithMotion(changes, cluster.vm, commit);
    document.documentElement.dataset.cursor = changes.state.cursor ?? '';
    void loadLateParts();
  });

  const stream = openStream(name, {
    cursor: buffer.cursor,
    drift: () => drift,
    readSnapshot: (snapshot) => {
      drift = null;
      buffer.putSnapshot(snapshot);
      connection.readSnapshot(snapshot);
      displayName.value = snapshot.displayName ?? name;
    },
    readFrame: (frame) => {
      const put = buffer.putFrame(frame);
      if (put.ok) connection.readCommit(frame.at);
      return put;
    },
    readPulse: connection.readPulse,
    readProgress: (event) => lateParts.peek()?.readProgress(event),
    readState: (state) => {
      connection.readState(state);
      if (state.name === 'refused') void loadLateParts();
    },
  });

  let wallAt = Date.now();
  let steadyAt = BROWSER_PLATFORM.now();
  const tick = (): void => {
    const length = Date.now() - wallAt;
    // By system, the steady clock runs on while the machine sleeps, or stands still.
    const missed = length - (BROWSER_PLATFORM.now() - steadyAt);
    wallAt += length;
    steadyAt += length - missed;
    if (length > SLEPT_AFTER_MS) {
      connection.readSleep(missed);
      stream.distrust();
    }
    connection.tick();
  };
  const ticker = setInterval(tick, TICK_INTERVAL_MS);
  const lifecycle = followVisibility(stream.hide, () => {
    tick();
    stream.show();
  });

  return {
    name,
    displayName,
    cluster,
    connection,
    selected,
    followCommits: (follow) => {
      followers.add(follow);
      return () => followers.delete(follow);
    },
    held: buffer.held,
    doubt(report) {
      drift = report;
      stream.doubt();
    },
    admit: stream.admit,
    close() {
      lifecycle.abort();
      clearInterval(ticker);
      stream.close();
      buffer.close();
      delete document.documentElement.dataset.cursor;
    },
  };
}

/** `pagehide` closes at once (a page in the back/forward cache must hold no connection), a hidden tab after a while. */
function followVisibility(hide: () => void, show: () => void): AbortController {
  const lifecycle = new AbortController();
  const { signal: aborted } = lifecycle;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const follow = (): void => {
    clearTimeout(timer);
    if (document.visibilityState === 'hidden') timer = setTimeout(hide, HIDDEN_CLOSE_AFTER_MS);
    else show();
  };
  document.addEventListener('visibilitychange', follow, { signal: aborted });
  window.addEventListener('pagehide', hide, { signal: aborted });
  window.addEventListener('pageshow', follow, { signal: aborted });
  aborted.addEventListener('abort', () => clearTimeout(timer));
  follow();
  return lifecycle;
}
