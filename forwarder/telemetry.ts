/** What the parts tell of themselves, in plain calls; metrics.ts counts it. Nobody who calls knows what becomes of it. */
import type { FactKind } from '../core/facts.ts';
import type { Batch } from '../core/uplink.ts';
import type { FailedRequest, KubeFailure } from './kube-failure.ts';
import type { ProgressTelemetry } from './progress/progress-telemetry.ts';
import type { UplinkOutcome } from './uplink-outcome.ts';

export interface WatchTelemetry {
  /** A whole list was taken in. `how`: as a stream of its objects, or in pages. */
  listed(kind: FactKind, how: 'stream' | 'pages', objectCount: number): void;
  /** The API server has accepted a watch; all but a kind's first are restarts. */
  watchOpened(kind: FactKind): void;
  /** An event of a watch was understood. */
  heard(kind: FactKind, type: 'set' | 'remove' | 'bookmark'): void;
  failed(kind: FactKind, verb: FailedRequest['verb'], failure: KubeFailure): void;
  /** An object without which nothing can be joined was left out. */
  refused(kind: FactKind): void;
}

/** What is posted to the edge. */
export type Posted = Batch['kind'] | 'session';

export interface UplinkTelemetry {
  posted(what: Posted, sizes: { readonly wireBytes: number; readonly inflatedBytes: number; readonly isRetry: boolean }): void;
  /** `tookMs`: from the request's start to the end of its answer, or to the moment in which it was given up. */
  answered(what: Posted, outcome: UplinkOutcome, tookMs: number): void;
  /** The edge's picture was another one than the digest says (U5). */
  drifted(): void;
  /** Ends of migrations were given up, because too many waited for the edge (U4). */
  finishedDropped(count: number): void;
}

export type Telemetry = WatchTelemetry & UplinkTelemetry & ProgressTelemetry;

/** For those who do not want to know. */
export const NO_TELEMETRY: Telemetry = {
  listed() {},
  watchOpened() {},
  heard() {},
  failed() {},
  refused() {},
  posted() {},
  answered() {},
  drifted() {},
  finishedDropped() {},
  measured() {},
};
