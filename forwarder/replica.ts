/**
 * One replica of the forwarder: cold standby by a Lease. Whoever does not hold it watches nothing and looks at the Lease only, so that a
 * cluster pays for one set of watches, however many replicas there are. Without a Lease this forwarder is the only one.
 */
import { systemClock } from './clock.ts';
import type { LeaseName } from './config.ts';
import { type ForwarderOptions, type RunningForwarder, startForwarder } from './forwarder.ts';
import { createKubeClient } from './kube-client.ts';
import { LeaseKeeper } from './lease-keeper.ts';

export interface ReplicaOptions extends Omit<ForwarderOptions, 'maySend'> {
  /** Null: this is the only forwarder. */
  readonly election: Election | null;
}

export interface Election {
  readonly lease: LeaseName;
  /** Of this process alone (`formatIdentity`). */
  readonly identity: string;
}

/** How a replica is, for probes and metrics; read it anew each time. Times are on the replica's clock. */
export interface ReplicaStatus {
  /**
   * `alone`: there is no Lease. `doubtful`: this replica holds it but could not renew it in time, so it watches and says nothing.
   * `stopped`: it is ending.
   */
  readonly role: 'alone' | 'standby' | 'leading' | 'doubtful' | 'stopped';
  /** Who holds the Lease, as far as is known: this replica too. Null where nobody does, and without a Lease. */
  readonly leaseHolder: string | null;
  /** When the Lease was last read or written with success; null before that and without a Lease. */
  readonly leaseHeardAt: number | null;
  /** When the last request for the Lease ended, whatever came of it (the start before that); null without a Lease. */
  readonly leaseAttemptedAt: number | null;
  /** What is wrong with the Lease now, in sentences. */
  readonly leaseProblems: readonly string[];
  /** Why this replica could not take or renew it; null where it could, or has not tried. */
  readonly leaseWriteProblem: string | null;
  /** How often the forwarder was started: once where it is alone, else once for each time that this replica took the Lease. */
  readonly termCount: number;
  /** The one of this term; null while standing by. */
  readonly forwarder: RunningForwarder | null;
}

export interface RunningReplica {
  readonly status: ReplicaStatus;
  /** Ends with null when it was stopped, or with the reason why the forwarder gave up for good. */
  readonly done: Promise<string | null>;
  /** Stops the forwarder, then releases the Lease, so that the next one starts when this one is silent; resolves when both are done. */
  stop(): Promise<void>;
}

export function startReplica(options: ReplicaOptions): RunningReplica {
  return options.election === null ? startAlone(options) : startElected(options, options.election);
}

/** Two processes of one name must not take each other's Lease for their own, so a part of it is random. `random`: some characters. */
export const formatIdentity = (name: string, random: string): string => `${name}_${random}`;

function startAlone(options: ReplicaOptions): RunningReplica {
  const forwarder = startForwarder(options);
  return {
    status: {
      role: 'alone',
      leaseHolder: null,
      leaseHeardAt: null,
      leaseAttemptedAt: null,
      leaseProblems: [],
      leaseWriteProblem: null,
      termCount: 1,
      forwarder,
    },
    done: forwarder.done,
    stop: () => forwarder.stop(),
  };
}

function startElected(options: ReplicaOptions, { lease, identity }: Election): RunningReplica {
  const { log, clock = systemClock, random = Math.random } = options;
  // A client of its own: a long list on the forwarder's connections does not hold up a renewal.
  const client = createKubeClient(options.kubeConfig);
  const keeper = new LeaseKeeper({ client, lease, identity, clock, random, wallNow: () => new Date(), log });
  const stopping = new AbortController();
  const keeping = new AbortController();
  let forwarder: RunningForwarder | null = null;
  let termCount = 0;
  let change = Promise.withResolvers<void>();
  const tellChange = (): void => {
    // Whether or not anybody noticed that it was doubtful for a moment: what waited leaves.
    forwarder?.wake();
    change.resolve();
    change = Promise.withResolvers();
  };
  stopping.signal.addEventListener('abort', tellChange);

  /** Until the condition holds, or the replica is to stop. */
  async function until(condition: () => boolean): Promise<void> {
    while (!condition() && !stopping.signal.aborted) await change.promise;
  }

  /** From the Lease's taking to its loss; the reason where the forwarder gave up for good. */
  async function serveTerm(): Promise<string | null> {
    const { term } = keeper;
    termCount += 1;
    const running = startForwarder({ ...options, maySend: () => keeper.role === 'leading' });
    forwarder = running;
    const lost = until(() => keeper.term !== term).then(() => null);
    const reason = await Promise.race([running.done, lost]);
    await running.stop();
    forwarder = null;
    return reason;
  }

  async function serve(): Promise<string | null> {
    for (;;) {
      await until(() => keeper.role === 'leading');
      if (stopping.signal.aborted) return null;
      const reason = await serveTerm();
      if (reason !== null) return reason;
      if (stopping.signal.aborted) return null;
      log.info('the term is over: nothing more is watched or sent', { lease: `${lease.namespace}/${lease.name}`, identity });
    }
  }

  async function run(): Promise<string | null> {
    const kept = keeper.run(keeping.signal, tellChange);
    try {
      // The keeper ends only by a fault of its own before it is told to; nobody would notice a replica that never looks again.
      return await Promise.race([serve(), kept.then(() => Promise.reject(new Error('the Lease is not looked at any more')))]);
    } finally {
      stopping.abort();
      keeping.abort();
      await kept.catch(() => {});
      // Whatever ended it, the others need not wait for the Lease to expire.
      await forwarder?.stop().catch(() => {});
      await keeper.release();
      client.close();
    }
  }

  const done = run();
  return {
    status: {
      get role() {
        return stopping.signal.aborted ? 'stopped' : keeper.role;
      },
      get leaseHolder() {
        return keeper.holder;
      },
      get leaseHeardAt() {
        return keeper.heardAt;
      },
      get leaseAttemptedAt() {
        return keeper.attemptedAt;
      },
      get leaseWriteProblem() {
        return keeper.writeProblem;
      },
      get leaseProblems() {
        return keeper.problems;
      },
      get termCount() {
        return termCount;
      },
      get forwarder() {
        return forwarder;
      },
    },
    done,
    async stop() {
      stopping.abort();
      await done;
    },
  };
}
