/** English for what comes after the first board (late-parts.ts), and the type that every other language has to satisfy. */
import type { Drain, DrainAnswer, Outcome, Wait, WaitReason } from '../core/model.ts';
import type { Refusal, Trouble } from './connection-state.ts';
import { count } from './en.ts';
import type { Formats } from './format.ts';

/** The start of a sentence; each can stand alone, and after a colon. */
const WAITS: Record<WaitReason, string | ((wait: Wait, formats: Formats) => string)> = {
  peer: 'the other cluster',
  quota: 'quota',
  backup: 'a backup is running',
  'utility-volumes': 'utility volumes are attached',
  blocked: 'blocked',
  backoff: ({ failures, seconds }, formats) =>
    `KubeVirt waits${seconds === undefined ? '' : ` ${formats.duration(seconds * 1_000)}`} after ${failures === undefined ? 'failures' : count(failures, 'failure')}`,
  'active-pods': 'two launcher pods of this VM exist',
  'cluster-limit': ({ used, limit }) => `${slots(used, limit)} of the cluster taken`,
  'host-limit': ({ used, limit, host }) => `${slots(used, limit)} of ${host ?? 'its host'} taken`,
  unschedulable: 'no host takes it',
  'same-host': ({ host }) => `the target pod is on the source host${host === undefined ? '' : `, ${host}`}`,
  'unknown-phase': 'unknown phase',
  'no-migration': 'no migration of it yet',
  'not-migratable': 'cannot be migrated',
  shutdown: 'will be shut down',
};

/** Those that run and those that come next: both have their slot. */
const slots = (used: number | undefined, limit: number | undefined): string =>
  used === undefined || limit === undefined ? 'all slots' : `${used} of ${limit} slots`;

/** The first that {@link Wait.place} gives only as the least it can be. */
const FIRST_ROUGH_PLACE = 10;

/** Why it is safe, or is not, to power a host off. */
const ANSWERS: Record<DrainAnswer, string | ((drain: Drain) => string)> = {
  empty: 'no VM is here or on its way. Volumes are not checked',
  off: 'it is off',
  'not-reporting': 'it does not report, what runs on it is not known',
  'vms-here': ({ here }) => `${count(here, 'VM')} ${here === 1 ? 'is' : 'are'} here`,
  'vms-arriving': ({ arriving }) => `${count(arriving, 'VM')} ${arriving === 1 ? 'is' : 'are'} on the way here`,
  'vms-unplaced': 'a VM is being placed, and it could be here',
  schedulable: 'a VM can still be placed here',
  'maintenance-under-way': 'Harvester has not finished',
  'etcd-quorum': 'etcd would lose its majority',
};

export const enLate = {
  outcomes: {
    succeeded: 'succeeded',
    failed: 'failed',
    aborted: 'aborted',
    unknown: 'ended, outcome unknown',
  } satisfies Record<Outcome, string>,

  notes: {
    queuedFor: (host: string | undefined) => (host === undefined ? 'queued to move' : `queued to move → ${host}`),
    migrationEnded: (outcome: Outcome, host: string | null) => `move${host === null ? '' : ` to ${host}`} ${enLate.outcomes[outcome]}`,
    failedEarlier: 'last move failed',
    /** Aborted moves count too. */
    tried: (what: string, tries: number) => `${what} (${tries} in a row without success)`,
    loop: (tries: number | undefined) => `fails again and again${tries === undefined ? '' : ` (${tries} tries in a row)`}`,
    toLeave: 'to leave',
    movedAway: 'moved to another cluster',
    because: (what: string, reason: string) => `${what}: ${reason}`,
  },

  /** What a VM waits for. */
  wait(wait: Wait, formats: Formats): string {
    const head = WAITS[wait.reason];
    const { assumed, detail, failures, place, reason } = wait;
    return [
      typeof head === 'string' ? head : head(wait, formats),
      assumed && ' (limit assumed)',
      detail !== undefined && `: ${detail}`,
      failures !== undefined && reason !== 'backoff' && `, after ${count(failures, 'failure')}`,
      place !== undefined && `, about place ${place}${place < FIRST_ROUGH_PLACE ? '' : ' or later'} in line`,
    ]
      .filter(Boolean)
      .join('');
  },

  progress: {
    left: (amount: string) => `${amount} left`,
    rate: (amount: string) => `${amount}/s`,
    /** How fast the guest changes what is being copied. */
    dirtyRate: (amount: string) => `${amount}/s changing`,
    outrun: 'will not converge: memory changes as fast as it is copied',
    stuck: 'does not converge: what is left has not become less',
    /** Nobody measures it, or it has not been measured yet. */
    unknown: 'not measured',
  },

  /** Whether a host may be powered off. `unknown`: the picture is not live. */
  safe: { question: 'Safe to power off: ', yes: 'yes', no: 'no', unknown: 'not known now', off: 'It is off' },

  empty: {
    waiting: {
      title: 'Waiting for the first sync',
      text: 'The cluster is registered. Its hosts appear as soon as its forwarder has spoken.',
    },
    noHosts: { title: 'No hosts', text: 'The cluster has neither hosts nor VMs.' },
    notFound: { title: 'Nothing here', text: 'This address leads to no page of Hostview.' },
  },

  settings: {
    language: 'Language',
    theme: 'Colours',
    themes: { system: 'System', light: 'Light', dark: 'Dark' },
  },

  drain: {
    /** `were`: how many there were, or at least there were. */
    gone: (gone: number, were: number, isAtLeast: boolean) => `${gone} of ${isAtLeast ? 'at least ' : ''}${were} gone`,
    moving: (vms: number) => `${vms} moving`,
    stopping: (vms: number) => `${vms} shutting down`,
    waiting: (vms: number) => `${vms} waiting`,
    stuck: (vms: number) => `${vms} cannot move`,
    unasked: (vms: number) => `${vms} not asked to leave`,
    arriving: (vms: number) => `${vms} arriving`,
    since: (time: string) => `since ${time}`,
    because(drain: Drain): string {
      const answer = ANSWERS[drain.because];
      return typeof answer === 'string' ? answer : answer(drain);
    },
    /** The picture is not live; `time` is when the cluster last spoke. */
    lastPicture: (time: string) => ` — last picture ${time}`,
    wasNo: (reason: string, time: string | undefined) => `; at the last picture${time === undefined ? '' : `, ${time}`}: no — ${reason}`,
  },

  clusters: 'Clusters',
  noClusters: { title: 'No clusters yet', text: 'Register one and run its forwarder; it appears here by itself.' },
  freshness: { live: 'live', stale: 'stale', waiting: 'waiting', unknown: 'not known' },
  unknownCluster: 'The edge did not get an answer about this cluster. Nothing is known of it at the moment.',
  hostCount: (up: number, total: number) => `${up} of ${count(total, 'host')} up`,
  transitCount: (transits: number) => count(transits, 'migration'),
  failedCount: (failed: number) => `${failed} failed`,

  details: {
    close: 'Close',
    vm: 'VM',
    namespace: 'Namespace',
    state: 'State',
    reason: 'Reason',
    host: 'Host',
    noHost: 'none',
    danger: 'Danger',
    toLeave: 'To leave',
    moving: 'Moving',
    asked: 'Asked for',
    waitingFor: 'Waiting',
    cause: 'Cause',
    elapsed: 'Since',
    progress: 'Progress',
    /** The way to or from another cluster. */
    peer: 'Other side',
    pair: (pair: string) => `as ${pair}`,
    otherCluster: 'another cluster',
    lastMigration: 'Last move',
    route: (what: string, from: string, to: string) => `${what}, ${from} → ${to}`,
    /** Why it cannot move. */
    noBecause: (reason: string) => `no: ${reason}`,
    unknownHost: 'unknown host',
    targetPending: 'being chosen',
    ended: 'Ended',
    endedUnwatched: 'while nobody was watching',
    tries: 'Tries in a row',
    /** How long the guest stood still. */
    blackout: 'Stood still',
    notKnown: 'not known',
    previous: 'Before',
    wasThere: (host: string, until: string) => `on ${host} until ${until}`,
    wasThereUnwatched: (host: string) => `on ${host}, left while nobody was watching`,
    migratable: 'Can move',
    yes: 'yes',
    no: 'no',
    os: 'System',
    cpu: 'CPU',
    cores: (cores: number) => count(cores, 'vCPU'),
    memory: 'Memory',
    gone: 'This VM is no longer in the cluster.',
  },

  troubles: {
    network: 'The network does not reach Hostview.',
    server: 'Hostview answers with an error.',
    silence: 'The stream fell silent.',
    gap: 'A change was lost on the way; the whole picture is fetched again.',
  } satisfies Record<Trouble, string>,
  staleHint: 'The cluster has gone silent. This is the last picture known.',
  /** `text` where the answer itself says nothing. */
  refusals: {
    'login-required': { title: 'Sign in', text: 'Sign in to go on. This is the last picture known.' },
    'signed-out': { title: 'You are signed out', text: 'Reload this page to sign in again.' },
    'access-closed': { title: 'Viewing is closed here', text: 'Whoever runs this Hostview can open it.' },
    'unknown-cluster': { title: 'No cluster of this name', text: 'It was never registered here, or it was removed.' },
    gone: { title: 'This cluster was removed', text: 'Its data is gone from here.' },
    outdated: { title: 'This page is out of date', text: 'Hostview was upgraded. Reload to go on.' },
  } satisfies Record<Refusal, { title: string; text: string }>,

  signIn: {
    /** Where nothing was shown yet, and where a picture stands still. */
    first: 'This Hostview asks for a token. Whoever runs it can give you one.',
    again: 'You are signed out, so the picture stands still. Sign in again to go on.',
    token: 'Token',
    submit: 'Sign in',
    busy: 'Signing in…',
    wrongToken: 'This token is not accepted. Check it, or ask for a new one.',
    wrongShare: 'This link is over or was revoked. Ask for a new one, or sign in with a token.',
    empty: 'Enter the token first.',
    unreachable: 'Hostview cannot be reached. Try again.',
    wait: (seconds: number) => `Too many attempts. Try again in ${seconds} s.`,
    waitAWhile: 'Too many attempts. Try again in a while.',
    refused: (why: string) => `Signing in failed: ${why}`,
    signOut: 'Sign out',
    signOutFailed: 'Signing out failed. Try again.',
  },

  announce: {
    moved: (vms: number) => `${count(vms, 'VM')} moved`,
    started: (vms: number) => `${count(vms, 'VM')} started moving`,
    ended: (vms: number) => `${count(vms, 'move')} failed or aborted`,
    lost: 'The connection is lost. What you see may be old.',
    stale: 'The cluster has gone silent. What you see may be old.',
  },
};

export type LateMessages = typeof enLate;
