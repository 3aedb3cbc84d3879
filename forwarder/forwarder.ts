/** The forwarder as a whole: one cluster's watch and its uplink, started and stopped together. */
import type { KubeConfig } from '@kubernetes/client-node';
import type { Result } from '../core/result.ts';
import { type Clock, systemClock } from './clock.ts';
import { ClusterWatch } from './cluster-watch.ts';
import { createEdgeClient } from './edge-client.ts';
import { FORWARDER_VERSION } from './forwarder-version.ts';
import { createKubeClient } from './kube-client.ts';
import type { Log } from './log.ts';
import type { MetricsView } from './metrics.ts';
import { readHandler } from './progress/handler-client.ts';
import { HandlerFinder } from './progress/handler-finder.ts';
import { sendProgress } from './progress/progress-sender.ts';
import { ProgressWatch } from './progress/progress-watch.ts';
import { mapKinds } from './projector.ts';
import { NO_TELEMETRY, type Telemetry } from './telemetry.ts';
import { UplinkSender } from './uplink-sender.ts';

export interface ForwarderOptions {
  /** The edge's URL, without a slash at its end. */
  readonly edge: string;
  /** The name the cluster is registered under. */
  readonly cluster: string;
  /** Of one context; see kubeconfig.ts. */
  readonly kubeConfig: KubeConfig;
  /** The cluster's token; asked for at each session. */
  readonly readToken: () => Result<string>;
  /** Authorities to trust for the edge besides the usual ones (PEM); see ca-file.ts. */
  readonly readCa?: () => Result<string>;
  readonly log: Log;
  /** Nobody is told where it is missing. */
  readonly telemetry?: Telemetry;
  /**
   * Whether the edge may be told anything now: where replicas agree by a Lease, the one that can no longer be sure of it keeps watching
   * and is silent. Always, where it is missing.
   */
  readonly maySend?: () => boolean;
  /** Whether virt-handlers are asked how far migrations are (U9). */
  readonly progress?: boolean;
  /** The keys of the labels that are told of VMs (U7); none where it is missing. */
  readonly vmLabels?: readonly string[];
  readonly clock?: Clock;
  /** 0 ≤ number < 1 */
  readonly random?: () => number;
}

export interface RunningForwarder {
  /** Ends with null when it was stopped, or with the reason why it gave up for good. */
  readonly done: Promise<string | null>;
  /** Every change that is known is being heard, of all four kinds. */
  readonly isWatched: boolean;
  /** The edge has committed a whole sync in this run. */
  readonly isSynced: boolean;
  /** What is wrong with the cluster or the edge now, in sentences. */
  readonly problems: readonly string[];
  /** What the metrics say of it, made when it is asked for. */
  readonly view: Omit<MetricsView, 'lease'>;
  /** `maySend` may answer otherwise than before. */
  wake(): void;
  /** Aborts every stream and request; resolves when all have ended. */
  stop(): Promise<void>;
}

export function startForwarder(options: ForwarderOptions): RunningForwarder {
  const { edge, cluster, readToken, readCa, log, telemetry, vmLabels = [], clock = systemClock, random = Math.random } = options;
  const client = createKubeClient(options.kubeConfig);
  const edgeClient = createEdgeClient(edge, cluster, process.env, readCa === undefined ? {} : { readCa });
  const watch = new ClusterWatch({ client, log, clock, random, vmLabels, ...(telemetry !== undefined && { telemetry }) });
  const uplink = new UplinkSender({
    place: { edge, cluster },
    edge: edgeClient,
    readToken,
    picture: watch,
    ...(options.maySend !== undefined && { maySend: options.maySend }),
    hasLabels: vmLabels.length > 0,
    forwarderVersion: FORWARDER_VERSION,
    clock,
    random,
    log,
    ...(telemetry !== undefined && { telemetry }),
  });
  const stopping = new AbortController();
  const { signal } = stopping;
  const progress =
    options.progress === true
      ? new ProgressWatch({
          vms: () => watch.inventory.vms,
          isWanted: () => uplink.progressSeat !== null,
          finder: new HandlerFinder({ client, kubeVirtNamespace: () => watch.inventory.kubeVirtNamespace, clock, log }),
          readHandler,
          send: async (measured) => {
            const seat = uplink.progressSeat;
            if (seat !== null) await sendProgress({ edge: edgeClient, seat, clock }, measured, signal);
          },
          clock,
          random,
          log,
          telemetry: telemetry ?? NO_TELEMETRY,
        })
      : null;

  async function run(): Promise<string | null> {
    const fields = { cluster, edge, server: client.address, version: FORWARDER_VERSION };
    log.info(`watching ${client.address} for the cluster ${cluster} at ${edge}`, fields);
    const sending = uplink.run(signal);
    progress?.run(signal);
    const watching = watch.run(signal, () => {
      uplink.wake();
      progress?.wake();
    });
    try {
      return await Promise.race([sending, watching.then(() => null)]);
    } finally {
      stopping.abort();
      await Promise.allSettled([sending, watching]);
      client.close();
      await edgeClient.close();
    }
  }

  const done = run();
  return {
    done,
    get isWatched() {
      return watch.isWatched;
    },
    get isSynced() {
      return uplink.status.isSynced;
    },
    get problems() {
      return [...watch.problems, ...uplink.status.problems];
    },
    get view() {
      const { hosts, vms } = watch.inventory;
      const transits = [...vms.values()].filter(({ transit }) => transit !== undefined).length;
      const kinds = mapKinds((kind) => watch.statusOf(kind));
      return { kinds, hosts: hosts.size, vms: vms.size, transits, odd: watch.malformedCounts.odd, uplink: uplink.status };
    },
    wake: () => uplink.wake(),
    async stop() {
      stopping.abort();
      await done;
    },
  };
}
