/**
 * What `/metrics` says, in Prometheus' words: a registry of its own, `hostview_forwarder_*` and the process's usual ones. Counters are
 * counted by the calls of telemetry.ts, gauges are read when they are asked for.
 */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { FactKind } from '../core/facts.ts';
import type { KubeFailure } from './kube-failure.ts';
import { MEASURE_OUTCOMES } from './progress/progress-telemetry.ts';
import { KINDS } from './projector.ts';
import type { Telemetry } from './telemetry.ts';
import { UPLINK_OUTCOMES } from './uplink-outcome.ts';
import type { UplinkStatus } from './uplink-sender.ts';

/** What is so at the moment. */
export interface MetricsView {
  readonly kinds: Readonly<Record<FactKind, { readonly isWatching: boolean; readonly isWithheld: boolean }>>;
  readonly hosts: number;
  readonly vms: number;
  /** VMs that are being migrated. */
  readonly transits: number;
  /** Objects that were taken in but cannot be understood as a whole (T7). */
  readonly odd: number;
  readonly uplink: Pick<UplinkStatus, 'phase' | 'session' | 'isSynced' | 'finishedCount'>;
  /** Null where no Lease decides who forwards. */
  readonly lease: { readonly isLeading: boolean; readonly termCount: number } | null;
}

export interface MetricsOptions {
  readonly version: string;
  readonly view: () => MetricsView;
  /** Wall clock, in milliseconds since the Unix epoch. */
  readonly now: () => number;
}

export interface Metrics {
  readonly telemetry: Telemetry;
  readonly contentType: string;
  /** The text of the exposition format. */
  render(): Promise<string>;
}

const PREFIX = 'hostview_forwarder_';
const PHASES: readonly UplinkStatus['phase'][] = ['opening', 'syncing', 'live', 'stopped'];
/** Between an edge next door and the 60 s after which a request is given up. */
const ANSWER_BUCKETS_S = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
const EVENT_LOOP_PRECISION_MS = 100;

export function createMetrics({ version, view, now }: MetricsOptions): Metrics {
  const registry = new Registry();
  const counter = <Label extends string = never>(name: string, help: string, labelNames: readonly Label[] = []): Counter<Label> =>
    new Counter({ name: PREFIX + name, help, labelNames: [...labelNames], registers: [registry] });
  const gauge = <Label extends string = never>(name: string, help: string, labelNames: readonly Label[] = []): Gauge<Label> =>
    new Gauge({ name: PREFIX + name, help, labelNames: [...labelNames], registers: [registry] });

  gauge('build_info', 'The version that runs; always 1.', ['version']).set({ version }, 1);
  const watchStarts = counter('watch_starts_total', 'Watches that the API server accepted; all but a kind’s first are restarts.', ['kind']);
  const lists = counter('lists_total', 'Whole lists that were taken in, as a stream of objects or in pages.', ['kind', 'how']);
  const listed = counter('listed_objects_total', 'Objects that came with lists.', ['kind']);
  const events = counter('watch_events_total', 'Events of watches: set (added or modified), remove, bookmark.', ['kind', 'type']);
  const lastEvent = gauge(
    'watch_last_event_timestamp_seconds',
    'When a kind was last heard of: an event, a bookmark or a list, in seconds since the Unix epoch.',
    ['kind'],
  );
  const failures = counter('watch_failures_total', 'Lists and watches that failed, by HTTP status or other cause.', [
    'kind',
    'verb',
    'cause',
  ]);
  const refused = counter('objects_refused_total', 'Objects that were left out, because nothing can be joined to them.', ['kind']);
  const posts = counter('posts_total', 'Requests to the edge, each once however often it was repeated.', ['what']);
  const retries = counter('post_retries_total', 'Requests that were sent to the edge again.', ['what']);
  const wire = counter('sent_bytes_total', 'Bytes of bodies sent to the edge, as they go over the wire.');
  const inflated = counter('sent_inflated_bytes_total', 'Bytes of bodies sent to the edge, before they are compressed.');
  const answers = counter('answers_total', 'What became of requests to the edge.', ['outcome']);
  const duration = new Histogram({
    name: `${PREFIX}answer_duration_seconds`,
    help: 'How long the edge took to answer, lost answers included.',
    labelNames: ['what'],
    buckets: ANSWER_BUCKETS_S,
    registers: [registry],
  });
  const drifts = counter('drifts_total', 'How often the edge’s picture was another one than the cluster’s digest says.');
  const sessions = counter('sessions_total', 'Sessions that the edge opened.');
  const dropped = counter('finished_dropped_total', 'Ends of migrations that were given up, because too many waited for the edge.');

  const handlerReads = counter('handler_reads_total', 'How often a virt-handler was asked how far migrations are, and what came of it.', [
    'outcome',
  ]);

  const watching = gauge('watching', '1 while every change of the kind is being heard.', ['kind']);
  const withheld = gauge('withheld', '1 while the picture goes on without this optional kind.', ['kind']);
  const odd = gauge('objects_odd', 'Objects that cannot be understood as a whole, shown as unknown.');
  const hosts = gauge('hosts', 'Hosts of the cluster.');
  const vms = gauge('vms', 'VMs of the cluster.');
  const transits = gauge('transits', 'VMs that are being migrated.');
  const session = gauge('session', 'The number of the session; 0 while there is none.');
  const phase = gauge('session_phase', '1 for the phase that the session is in.', ['phase']);
  const synced = gauge('synced', '1 once a whole sync was committed by the edge since this forwarder started, or took over.');
  const waiting = gauge('finished_waiting', 'Ends of migrations that the edge has not acknowledged.');
  const leading = gauge('lease_leading', '1 while this replica holds the Lease; without a Lease always 1.');
  const terms = gauge('lease_terms', 'How often this replica has taken the Lease since it started.');
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: EVENT_LOOP_PRECISION_MS });

  // A series that is not there cannot be told from one that nobody counts.
  for (const kind of KINDS) {
    watchStarts.inc({ kind }, 0);
    refused.inc({ kind }, 0);
  }
  for (const outcome of UPLINK_OUTCOMES) answers.inc({ outcome }, 0);
  for (const outcome of MEASURE_OUTCOMES) handlerReads.inc({ outcome }, 0);

  const heardNow = (kind: FactKind): void => lastEvent.set({ kind }, now() / 1000);
  const telemetry: Telemetry = {
    listed(kind, how, objectCount) {
      lists.inc({ kind, how });
      listed.inc({ kind }, objectCount);
      heardNow(kind);
    },
    watchOpened: (kind) => watchStarts.inc({ kind }),
    heard(kind, type) {
      events.inc({ kind, type });
      heardNow(kind);
    },
    failed: (kind, verb, failure) => failures.inc({ kind, verb, cause: causeOf(failure) }),
    refused: (kind) => refused.inc({ kind }),
    posted(what, { wireBytes, inflatedBytes, isRetry }) {
      (isRetry ? retries : posts).inc({ what });
      wire.inc(wireBytes);
      inflated.inc(inflatedBytes);
    },
    answered(what, outcome, tookMs) {
      answers.inc({ outcome });
      if (outcome === 'opened') sessions.inc();
      duration.observe({ what: what === 'session' ? 'session' : 'batch' }, tookMs / 1000);
    },
    drifted: () => drifts.inc(),
    finishedDropped: (count) => dropped.inc(count),
    measured: (outcome) => handlerReads.inc({ outcome }),
  };

  function read(): void {
    const present = view();
    for (const kind of KINDS) {
      watching.set({ kind }, Number(present.kinds[kind].isWatching));
      withheld.set({ kind }, Number(present.kinds[kind].isWithheld));
    }
    odd.set(present.odd);
    hosts.set(present.hosts);
    vms.set(present.vms);
    transits.set(present.transits);
    session.set(present.uplink.session);
    for (const name of PHASES) phase.set({ phase: name }, Number(name === present.uplink.phase));
    synced.set(Number(present.uplink.isSynced));
    waiting.set(present.uplink.finishedCount);
    leading.set(Number(present.lease?.isLeading ?? true));
    terms.set(present.lease?.termCount ?? 0);
  }

  return {
    telemetry,
    contentType: registry.contentType,
    render() {
      read();
      return registry.metrics();
    },
  };
}

/** A status comes from outside: only real ones become a label, and what is rare shares one. */
export function causeOf(failure: KubeFailure): string {
  if (failure.kind !== 'status') return failure.kind;
  const { status } = failure;
  if ([400, 401, 403, 404, 409, 410, 429, 500, 502, 503, 504].includes(status)) return String(status);
  return status >= 500 && status < 600 ? '5xx' : 'other';
}
