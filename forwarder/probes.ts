/** What the probes answer, and why. Pure. */
import type { ReplicaStatus } from './replica.ts';

/** `now`: on the replica's clock. */
export type ProbedReplica = Omit<ReplicaStatus, 'termCount' | 'forwarder'> & {
  readonly forwarder: { readonly isWatched: boolean; readonly isSynced: boolean; readonly problems: readonly string[] } | null;
};

export interface ProbeAnswer {
  readonly code: 200 | 503;
  /** For people who ask with curl; ends with a line break. */
  readonly text: string;
}

/** A Lease lasts 15 s and is looked at every few of them, so this long without a look is no hiccup. */
export const LEASE_HEARD_WITHIN_MS = 30_000;
/** Each request for the Lease has a time limit well below this, and so has each wait between two (leadership.ts), asked for or not. */
export const LEASE_ATTEMPTED_WITHIN_MS = 120_000;

/** Restart me? An answer at all says that the event loop turns; the rest is whether the Lease is still being asked for. */
export function judgeLife({ role, leaseAttemptedAt }: ProbedReplica, now: number): ProbeAnswer {
  const silentMs = role === 'alone' || leaseAttemptedAt === null ? 0 : now - leaseAttemptedAt;
  if (silentMs <= LEASE_ATTEMPTED_WITHIN_MS) return { code: 200, text: 'ok\n' };
  return refuse('not alive', [`nobody has asked for the Lease for ${secondsOf(silentMs)} s`]);
}

/** Count on me? One that sends is ready once the edge shows what it has sent, a standby once it could take over. */
export function judgeReadiness(replica: ProbedReplica, now: number): ProbeAnswer {
  const { role, leaseProblems, forwarder } = replica;
  switch (role) {
    case 'stopped':
      return refuse('not ready', ['it is stopping']);
    case 'standby':
      return judgeStandby(replica, now);
    case 'doubtful':
      return refuse('not ready', ['the Lease could not be renewed in time, so nothing is sent', ...leaseProblems]);
  }
  if (forwarder === null) return refuse('not ready', ['it is about to start', ...leaseProblems]);
  if (forwarder.isSynced) return { code: 200, text: `ok: ${role === 'alone' ? '' : 'leading, '}the edge has the cluster\n` };
  const waiting = forwarder.isWatched
    ? 'the edge has not committed the first sync'
    : 'the cluster is not watched yet, so there is nothing to send';
  return refuse('not ready', [waiting, ...forwarder.problems]);
}

function judgeStandby({ leaseHolder, leaseHeardAt, leaseProblems, leaseWriteProblem }: ProbedReplica, now: number): ProbeAnswer {
  if (leaseHeardAt === null) return refuse('not ready', ['the Lease could not be read yet', ...leaseProblems]);
  const silentMs = now - leaseHeardAt;
  if (silentMs > LEASE_HEARD_WITHIN_MS) {
    return refuse('not ready', [`the Lease could not be read for ${secondsOf(silentMs)} s`, ...leaseProblems]);
  }
  if (leaseHolder === null) return refuse('not ready', ['nobody holds the Lease', ...leaseProblems]);
  if (leaseWriteProblem !== null) return refuse('not ready', ['the Lease could not be taken', leaseWriteProblem]);
  return { code: 200, text: `ok: standing by, ${leaseHolder} is leading\n` };
}

const refuse = (what: string, reasons: readonly string[]): ProbeAnswer => ({
  code: 503,
  text: `${what}:\n${reasons.map((reason) => `  ${reason.replace(/\s+/g, ' ')}\n`).join('')}`,
});

const secondsOf = (ms: number): number => Math.round(ms / 1000);
