/** What viewers get (SPEC D1–D5): the snapshot, and the events of the stream. */

import type { ClusterName, ClusterSummary, Host, HostName, Vm, VmId } from './model.ts';
import type { ProgressEvent } from './progress.ts';

/** The whole state at a cursor. `GET /api/v1/clusters/:cluster`, and the event `snapshot`. */
export interface Snapshot {
  readonly cluster: ClusterName;
  readonly displayName?: string;
  /** Null while the room waits for its first sync. */
  readonly cursor: string | null;
  /** The room's clock when this was written. */
  readonly now: number;
  /** When the cluster last spoke; null: never. */
  readonly lastHeard: number | null;
  /** The digest of the derived fields (see digest.ts). */
  readonly digest: string;
  readonly hosts: readonly Host[];
  readonly vms: readonly Vm[];
}

/** The change from one cursor to a later one, applied whole or not at all (D2). Entities are whole values. */
export interface Frame {
  readonly from: string;
  readonly to: string;
  /** When it was committed, on the room's clock; never decreases. */
  readonly at: number;
  /** The digest after it. */
  readonly digest: string;
  readonly hosts?: readonly Host[];
  readonly vms?: readonly Vm[];
  readonly goneHosts?: readonly HostName[];
  readonly goneVms?: readonly VmId[];
}

/** `heard` (each heartbeat of the forwarder, and the first event of a resumed stream) and `ping` (every 15 s). */
export interface Pulse {
  /** The room's head: a viewer that is behind it has lost something. */
  readonly cursor: string | null;
  readonly now: number;
  readonly lastHeard: number | null;
}

/** `GET /api/v1/clusters` */
export interface ClusterList {
  readonly now: number;
  /** The viewer may see some clusters only (A6): there can be others. */
  readonly partial?: true;
  /** With `follow=true`: where the stream of all clusters goes on from here. */
  readonly cursor?: string;
  readonly clusters: readonly ClusterSummary[];
}

export type StreamEvent =
  | { readonly event: 'snapshot'; readonly id: string | null; readonly data: Snapshot }
  | { readonly event: 'frame'; readonly id: string; readonly data: Frame }
  | { readonly event: 'heard' | 'ping'; readonly data: Pulse }
  | { readonly event: 'progress'; readonly data: ProgressEvent };
