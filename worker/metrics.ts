/** What /metrics says, of the rooms, the fleet and this isolate. Pure; counters that are lost with an object begin anew at 0. */
import type { ClusterName } from '../core/model.ts';
import type { ViewerCounts } from './pacer.ts';
import type { Family, Sample } from './prometheus.ts';
import type { RequestCount } from './request-counts.ts';
import type { ClusterStats, RoomStats } from './room-stats.ts';

export interface MetricsView {
  /** Null: the room did not answer. */
  readonly rooms: readonly { readonly cluster: ClusterName; readonly stats: RoomStats | null }[];
  readonly fleet: FleetStats;
  readonly requests: readonly RequestCount[];
}

export interface FleetStats {
  readonly shares: number;
  readonly viewers: ViewerCounts;
}

type Row = MetricsView['rooms'][number];
type Answered = Row & { readonly stats: RoomStats };
type Known = Answered & { readonly known: ClusterStats };

export function composeMetrics({ rooms, fleet, requests }: MetricsView): readonly Family[] {
  const answered = rooms.filter((room): room is Answered => room.stats !== null);
  const known = answered.flatMap((room): Known[] => (room.stats.cluster === null ? [] : [{ ...room, known: room.stats.cluster }]));
  return [
    gauge('hostview_fleet_clusters', 'Clusters that are registered.', [{ value: rooms.length }]),
    gauge('hostview_fleet_shares', 'Share links that are not over.', [{ value: fleet.shares }]),
    gauge('hostview_fleet_viewers', 'Streams of the list of clusters.', byWay(fleet.viewers)),
    ...roomFamilies(rooms, answered),
    ...clusterFamilies(known),
    counter(
      'hostview_worker_requests_total',
      'Requests that this isolate has answered; there are many isolates, and each begins anew.',
      requests.map(({ method, route, status, count }) => ({ labels: { method, route, status }, value: count })),
    ),
  ];
}

function roomFamilies(rooms: readonly Row[], answered: readonly Answered[]): readonly Family[] {
  const each = (value: (stats: RoomStats) => number): Sample[] => answered.map((room) => sample(room, value(room.stats)));
  return [
    gauge(
      'hostview_room_up',
      'Whether the room answered.',
      rooms.map((room) => sample(room, room.stats === null ? 0 : 1)),
    ),
    gauge(
      'hostview_room_constructed_seconds',
      'When the room last woke up.',
      each(({ constructedAt }) => constructedAt / 1_000),
    ),
    gauge(
      'hostview_room_viewers',
      'Streams that are open.',
      answered.flatMap((room) => byWay(room.stats.viewers, { cluster: room.cluster })),
    ),
    gauge(
      'hostview_room_waiting_frames',
      'Frames that are committed and not sent yet.',
      each(({ waitingFrames }) => waitingFrames),
    ),
    gauge(
      'hostview_room_held_bytes',
      'Bytes that viewers have not read yet.',
      each(({ heldBytes }) => heldBytes),
    ),
    counter(
      'hostview_room_cut_off_total',
      'Viewers that did not read, since the room woke up.',
      each(({ cutOff }) => cutOff),
    ),
    counter(
      'hostview_room_recycled_total',
      'Streams that were over in time, since the room woke up.',
      each(({ recycled }) => recycled),
    ),
    counter(
      'hostview_room_rows_read_total',
      'Rows of SQLite read since the room woke up.',
      each(({ rowsRead }) => rowsRead),
    ),
    counter(
      'hostview_room_rows_written_total',
      'Rows of SQLite written since the room woke up.',
      each(({ rowsWritten }) => rowsWritten),
    ),
    gauge(
      'hostview_room_stored_bytes',
      'What the room takes on disk.',
      each(({ storedBytes }) => storedBytes),
    ),
  ];
}

function clusterFamilies(known: readonly Known[]): readonly Family[] {
  const each = (value: (stats: ClusterStats) => number): Sample[] => known.map((room) => sample(room, value(room.known)));
  return [
    gauge(
      'hostview_cluster_last_heard_seconds',
      'When the cluster last spoke; absent where it never did.',
      known.flatMap((room) => (room.known.lastHeard === null ? [] : [sample(room, room.known.lastHeard / 1_000)])),
    ),
    gauge(
      'hostview_cluster_revision',
      'The head of the log.',
      each(({ revision }) => revision),
    ),
    gauge(
      'hostview_cluster_hosts',
      'Hosts.',
      each(({ hosts }) => hosts),
    ),
    gauge(
      'hostview_cluster_vms',
      'VMs.',
      each(({ vms }) => vms),
    ),
    gauge(
      'hostview_cluster_transits',
      'Migrations in flight, those that wait included.',
      each(({ transits }) => transits),
    ),
    counter(
      'hostview_cluster_batches_total',
      'Batches that were accepted.',
      each(({ counts }) => counts.batches),
    ),
    counter(
      'hostview_cluster_refused_total',
      'Requests of the forwarder that were refused, by the code of the problem.',
      known.flatMap((room) => Object.entries(room.known.counts.refused).map(([code, count]) => sample(room, count, { code }))),
    ),
    counter(
      'hostview_cluster_unknown_fields_total',
      'Fields of the forwarder that this version ignores.',
      each(({ counts }) => counts.unknownFields),
    ),
    counter(
      'hostview_cluster_drifts_total',
      'Digests that differed from the room’s, by who found it.',
      known.flatMap((room) => [
        sample(room, room.known.drifts, { found_by: 'forwarder' }),
        sample(room, room.known.counts.viewerDrifts, { found_by: 'viewer' }),
      ]),
    ),
  ];
}

const sample = ({ cluster }: Row, value: number, labels: Readonly<Record<string, string>> = {}): Sample => ({
  labels: { cluster, ...labels },
  value,
});
const byWay = ({ direct, bridge }: ViewerCounts, labels: Readonly<Record<string, string>> = {}): Sample[] => [
  { labels: { ...labels, way: 'direct' }, value: direct },
  { labels: { ...labels, way: 'bridge' }, value: bridge },
];
const gauge = (name: string, help: string, samples: readonly Sample[]): Family => ({ name, help, type: 'gauge', samples });
const counter = (name: string, help: string, samples: readonly Sample[]): Family => ({ name, help, type: 'counter', samples });
