/** One open board: stream → frame buffer → model, and what the page's life does to it. */
import { type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { VNode } from 'preact';
import type { ClusterState } from '../../core/cluster-state.ts';
import type { ClusterName, HostName, VmId } from '../../core/model.ts';
import { type Changes, createFrameBuffer, scheduleFrame } from '../frame.ts';
import { lateParts, loadLateParts } from '../late-parts.ts';
import { followPageLife } from '../page-life.ts';
import { commitAtOnce } from '../rendering.ts';
import { BROWSER_PLATFORM, clusterSource, openStream } from '../stream.ts';
import { type ClusterModel, createClusterModel } from './cluster-model.ts';
import { type ConnectionModel, createConnectionModel, type Past } from './connection-model.ts';

/** How the late parts change what the board shows of the painted picture: its order, what is left out, what steps back. */
export interface Arrangement {
  /** The cards in their order, with headings between them. */
  hosts(names: readonly HostName[]): readonly (HostName | VNode)[];
  /** Of a list, what is shown, in its order. Reads signals: the list is rendered again when they change. */
  vms(ids: readonly VmId[]): readonly VmId[];
  /** For a chip that is being made; what changes later is put on the chips that are there. */
  isDimmed(id: VmId): boolean;
}

export interface ClusterSession {
  readonly name: ClusterName;
  readonly displayName: ReadonlySignal<string>;
  readonly cluster: ClusterModel;
  readonly connection: ConnectionModel;
  /** Null: everything, in the usual order. */
  readonly arrangement: Signal<Arrangement | null>;
  /** Calls `follow` after each commit, when the page is laid out anew and before it is shown. Answers how to stop. */
  followCommits(follow: (changes: Changes) => void): () => void;
  /** What is held, which may be ahead of what is painted; null before the first snapshot. */
  held(): ClusterState | null;
  /** Paints a moment of the past instead of what is held, which is kept up meanwhile. */
  paintPast(changes: Changes, past: Past): void;
  /** Back to what is held, at once: nothing of what happened meanwhile is replayed. */
  paintPresent(): void;
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
  const arrangement = signal<Arrangement | null>(null);
  const followers = new Set<(changes: Changes) => void>();
  let drift: string | null = null;

  function paint(changes: Changes, past: Past | null = null): void {
    const commit = (): void => {
      commitAtOnce(() => {
        connection.past.value = past;
        cluster.paint(changes);
      });
      for (const follow of followers) follow(changes);
    };
    const late = lateParts.peek();
    if (late === null) commit();
    else late.commitWithMotion(changes, cluster.vm, commit);
    document.documentElement.dataset.cursor = changes.state.cursor ?? '';
    void loadLateParts();
  }

  const buffer = createFrameBuffer(scheduleFrame, (changes) => {
    if (connection.past.peek() === null) paint(changes);
  });

  const stream = openStream(clusterSource(name), {
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

  const endLife = followPageLife(stream, connection);

  return {
    name,
    displayName,
    cluster,
    connection,
    arrangement,
    followCommits: (follow) => {
      followers.add(follow);
      return () => followers.delete(follow);
    },
    held: buffer.held,
    paintPast: paint,
    paintPresent: () => {
      if (connection.past.peek() === null) return;
      connection.past.value = null;
      buffer.repaint();
    },
    doubt(report) {
      drift = report;
      stream.doubt();
    },
    admit: stream.admit,
    close() {
      endLife();
      stream.close();
      buffer.close();
      delete document.documentElement.dataset.cursor;
    },
  };
}
