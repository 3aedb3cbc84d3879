/** The forwarder as a whole: one cluster's watch and its uplink, started and stopped together. */
import type { KubeConfig } from '@kubernetes/client-node';
import type { Result } from '../core/result.ts';
import { type Clock, systemClock } from './clock.ts';
import { ClusterWatch } from './cluster-watch.ts';
import { createEdgeClient } from './edge-client.ts';
import { FORWARDER_VERSION } from './forwarder-version.ts';
import { createKubeClient } from './kube-client.ts';
import type { Log } from './log.ts';
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
  readonly log: Log;
  readonly clock?: Clock;
  /** 0 ≤ number < 1 */
  readonly random?: () => number;
}

export interface RunningForwarder {
  /** Ends with null when it was stopped, or with the reason why it gave up for good. */
  readonly done: Promise<string | null>;
  /** Every change that is known is being heard, of all four kinds. */
  readonly isWatched: boolean;
  /** Aborts every stream and request; resolves when all have ended. */
  stop(): Promise<void>;
}

export function startForwarder(options: ForwarderOptions): RunningForwarder {
  const { edge, cluster, readToken, log, clock = systemClock, random = Math.random } = options;
  const client = createKubeClient(options.kubeConfig);
  const edgeClient = createEdgeClient(edge, cluster, process.env);
  const watch = new ClusterWatch({ client, log, clock, random });
  const uplink = new UplinkSender({
    place: { edge, cluster },
    edge: edgeClient,
    readToken,
    picture: watch,
    forwarderVersion: FORWARDER_VERSION,
    clock,
    random,
    log,
  });
  const stopping = new AbortController();
  const { signal } = stopping;

  async function run(): Promise<string | null> {
    log.info(`watching ${client.address} for the cluster ${cluster} at ${edge}`);
    const sending = uplink.run(signal);
    const watching = watch.run(signal, () => uplink.wake());
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
    async stop() {
      stopping.abort();
      await done;
    },
  };
}
