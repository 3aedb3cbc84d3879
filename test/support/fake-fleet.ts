/** The fleet of an edge without clusters (fake-edge.ts): its list and its stream, from summaries that a test changes by hand. */
import type { ServerResponse } from 'node:http';
import { formatCursor } from '../../core/cursor-format.ts';
import type { ClusterList } from '../../core/downlink.ts';
import { isEqualJson } from '../../core/equal.ts';
import type { FleetFrame, FleetSnapshot } from '../../core/fleet.ts';
import type { ClusterSummary } from '../../core/model.ts';

export interface FakeFleet {
  /** What is listed; null: the edge's own cluster and its `others`. */
  clusters: readonly ClusterSummary[] | null;
  /** How far its clock is before this machine's, in milliseconds: for a page whose clock a test turns. */
  aheadMs: number;
  /** The viewer is told that there may be others. */
  isPartial: boolean;
  readonly streamCount: number;
  /** `isFollowed`: the stream is opened next. */
  list(isFollowed: boolean): ClusterList;
  /** Sends what has changed since as a frame, to all streams; answers the cursor. */
  publish(): string;
  /** Counts on without telling anybody. */
  loseFrame(): void;
  ping(): void;
  attach(stream: ServerResponse, cursor: string | null): void;
  drop(): void;
}

export function createFakeFleet(ownClusters: () => readonly ClusterSummary[]): FakeFleet {
  const streams = new Set<ServerResponse>();
  let revision = 1;
  let told: readonly ClusterSummary[] = [];
  const now = (): number => Date.now() + fleet.aheadMs;
  const cursor = (): string => formatCursor({ epoch: 'f1', revision });
  const send = (stream: ServerResponse, event: string, data: unknown, id?: string): void =>
    void stream.write(`event: ${event}\n${id === undefined ? '' : `id: ${id}\n`}data: ${JSON.stringify(data)}\n\n`);
  const clustersNow = (): ClusterSummary[] => [...(fleet.clusters ?? ownClusters())].sort((a, b) => (a.cluster < b.cluster ? -1 : 1));
  const partial = (): { partial?: true } => (fleet.isPartial ? { partial: true } : {});

  function snapshot(): FleetSnapshot {
    told = clustersNow();
    return { cursor: cursor(), now: now(), ...partial(), clusters: told };
  }

  const fleet: FakeFleet = {
    clusters: null,
    aheadMs: 0,
    isPartial: false,
    get streamCount() {
      return streams.size;
    },
    list: (isFollowed) => (isFollowed ? snapshot() : { now: now(), ...partial(), clusters: clustersNow() }),
    publish() {
      const present = clustersNow();
      const clusters = present.filter(
        (one) =>
          !isEqualJson(
            one,
            told.find(({ cluster }) => cluster === one.cluster),
          ),
      );
      const gone = told.map(({ cluster }) => cluster).filter((name) => present.every(({ cluster }) => cluster !== name));
      const from = cursor();
      revision += 1;
      told = present;
      const frame: FleetFrame = {
        from,
        to: cursor(),
        at: now(),
        ...(clusters.length > 0 && { clusters }),
        ...(gone.length > 0 && { gone }),
      };
      for (const stream of streams) send(stream, 'frame', frame, frame.to);
      return frame.to;
    },
    loseFrame: () => {
      revision += 1;
    },
    ping: () => {
      for (const stream of streams) send(stream, 'ping', { cursor: cursor(), now: now(), lastHeard: null });
    },
    attach(stream, asked) {
      stream.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
      if (asked === cursor()) send(stream, 'ping', { cursor: cursor(), now: now(), lastHeard: null });
      else send(stream, 'snapshot', snapshot(), cursor());
      streams.add(stream);
      stream.on('close', () => streams.delete(stream));
    },
    drop: () => {
      for (const stream of streams) stream.destroy();
    },
  };
  return fleet;
}
