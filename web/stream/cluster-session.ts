/** One open board: stream → frame buffer → model, and what the page's life does to it. */
import { type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { VNode } from 'preact';
import type { ClusterState } from '../../core/cluster-state.ts';
import type { ClusterName, HostName, VmId } from '../../core/model.ts';
import { type ClusterModel, createClusterModel } from '../board/cluster-model.ts';
import { lateParts, loadLateParts } from '../late/late-parts-file.ts';
import { followPageLife } from '../page/page-life.ts';
import { type Changes, createFrameBuffer, scheduleFrame } from '../rendering/frame.ts';
import { commitAtOnce } from '../rendering/rendering.ts';
import { type ConnectionModel, createConnectionModel, type Past } from './connection-model.ts';
import { BROWSER_PLATFORM, clusterSource, openStream } from './stream.ts';

/** How the late parts change the order of what the board shows. All of it reads signals while rendering. */
export interface Arrangement {
  /** The cards in their order, with headings between them. */
  hosts(names: readonly HostName[]): readonly (HostName | VNode)[];
  /** A list in its order. */
  vms(ids: readonly VmId[]): readonly VmId[];
  /** Of the cards' headings; undefined: the usual one. */
  readonly level: number | undefined;
}

/** What a card says instead of how many VMs it has; `host` is null for the VMs that are on none. */
export type CountView = (host: HostName | null) => VNode;

export interface ClusterSession {
  readonly name: ClusterName;
  readonly displayName: ReadonlySignal<string>;
  readonly cluster: ClusterModel;
  readonly connection: ConnectionModel;
  /** Null: everything, in the usual order. */
  readonly arrangement: Signal<Arrangement | null>;
  /** Null: how many VMs it has. */
  readonly countView: Signal<CountView | null>;
  /** VMs that step back, for chips that are being made; on chips that are there, whoever changes it says so. */
  readonly dimmed: Set<VmId>;
  /** Calls `follow` after each commit, when the page is laid out anew and before it is shown. Answers how to stop. */
  followCommits(follow: (changes: Changes) => void): () => void;
  /** What is held, which may be ahead of what is painted; null before the first snapshot. */
  held(): ClusterState | null;
  /** Paints a moment of the past instead of what is held, which is kept up meanwhile. */
  paintPast(changes: Changes, past: Past): void;
  /** Back to what is held, with the next commit: nothing of what happened meanwhile is replayed. Until then the past is still called so. */
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

  function paint(changes: Changes, past: Past | null): void {
    const commit = (): void => {
      commitAtOnce(() => {
        connection.past.value = past;
        cluster.paint(changes);
      });
      for (const follow of followers) follow(changes);
    };
    const late = lateParts.peek();
    if (late === null) commit();
    else late.commitWithMotion(changes, cluster, commit);
    document.documentElement.dataset.cursor = changes.state.cursor ?? '';
    void loadLateParts();
  }

  const buffer = createFrameBuffer(scheduleFrame, (changes) => paint(changes, null));

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
    countView: signal<CountView | null>(null),
    dimmed: new Set(),
    followCommits: (follow) => {
      followers.add(follow);
      return () => followers.delete(follow);
    },
    held: buffer.held,
    paintPast(changes, past) {
      buffer.hold();
      paint(changes, past);
    },
    paintPresent() {
      if (connection.past.peek() !== null) buffer.repaint();
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
