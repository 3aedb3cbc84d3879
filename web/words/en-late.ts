/**
 * English for what comes after the first board (late/late-parts.ts) and for what several views say, and the type that every other language has
 * to satisfy. What one view alone says stands beside it (table/table-words-en.ts …) and comes with it (view-words.ts).
 */
import type { Danger, Drain, DrainAnswer, Outcome, Wait, WaitReason } from '../../core/model.ts';
import type { PastNo } from '../drain/drain-verdict.ts';
import type { MotionChoice } from '../motion/motion-choice.ts';
import type { NotificationKind } from '../news/notifications.ts';
import type { Mark } from '../search/query-keys.ts';
import type { Refusal, Trouble } from '../stream/connection-state.ts';
import type { Shown } from '../wall/wall-pages.ts';
import { count } from './en.ts';
import type { Formats } from './format.ts';
import { FIRST_ROUGH_PLACE } from './place-in-line.ts';

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

  /** On the badge. */
  refusalWords: {
    'login-required': 'Signed out',
    'signed-out': 'Signed out',
    'access-closed': 'Access closed',
    'unknown-cluster': 'Unknown cluster',
    gone: 'Removed',
    outdated: 'Out of date',
  } satisfies Record<Refusal, string>,
  askedInstead: (host: string) => `asked for ${host}`,
  fromCluster: (host: string | undefined) => `← another cluster${host === undefined ? '' : ` (${host})`}`,
  allClusters: 'All clusters',

  dangers: {
    'post-copy': 'post-copy: touch neither host',
    'dead-host': 'its host does not answer',
    'io-error': 'paused by an I/O error',
    'manual-recovery': 'needs recovery by hand',
    'not-converging': 'memory changes faster than it is copied',
  } satisfies Record<Danger, string>,

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
    label: 'Progress',
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
    noVms: 'There is no VM in this cluster.',
  },

  settings: {
    language: 'Language',
    theme: 'Colours',
    themes: { system: 'System', light: 'Light', dark: 'Dark' },
    title: 'Settings',
    motion: 'Motion',
    motions: { system: 'System', reduced: 'Reduced', full: 'Full' } satisfies Record<MotionChoice, string>,
    shortcuts: 'Single-key shortcuts',
    keys: 'List of keys',
  },

  drain: {
    /** The way to a host's drain board, from its card. */
    board: 'Drain board',
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
    /** The picture is not live, and was no `no`; `time` is when the cluster last spoke. */
    old: (time: string | undefined) => (time === undefined ? '' : ` — last picture ${time}`),
    past: ' — this is the past',
    no: {
      moment: (reason: string) => `; at that moment: no — ${reason}`,
      heard: (reason: string, time: string | undefined) => `; at the last picture${time === undefined ? '' : `, ${time}`}: no — ${reason}`,
    } satisfies Record<NonNullable<PastNo>, (reason: string, time: string | undefined) => string>,
    /** The room says yes, and VMs are shown here. */
    contradiction: ' — the picture contradicts itself',
  },

  /** Of a VM, in more than one view. */
  facts: {
    notKnown: 'not known',
    noHost: 'none',
    unknownHost: 'unknown host',
    otherCluster: 'another cluster',
    targetPending: 'being chosen',
    /** Of a migration that did not succeed: none was chosen, or none was seen. */
    noTarget: 'no target known',
    cause: 'Cause',
    route: (what: string, way: string) => `${what}, ${way}`,
    yes: 'yes',
    no: 'no',
    /** Why it cannot move. */
    noBecause: (reason: string) => `no: ${reason}`,
    /** Whether one that does not run can move is no question. */
    onlyRunning: 'only while it runs',
    endedUnwatched: 'while nobody was watching',
    unwatched: 'not watched',
  },
  copyLink: { copy: 'Copy link', copied: 'Link copied', byHand: 'The browser does not let pages copy here. Copy this address by hand' },

  /** A host's allocatable CPU and memory beside its VMs' own: no measure of use. */
  capacity: {
    hint: 'What its VMs are given, not what they use. What KubeVirt and other pods take is not counted.',
    cpu: {
      name: 'VMs’ CPU',
      given: (sum: string) => `${sum} vCPU`,
      of: (given: string, allocatable: string) => `${given} on ${allocatable} cores`,
      over: 'More vCPUs than cores: they share them.',
    },
    memory: {
      name: 'VMs’ memory',
      given: (sum: string) => sum,
      of: (given: string, allocatable: string) => `${given} of ${allocatable}`,
      over: 'More memory than the host can give.',
    },
    allocatableUnknown: 'what the host can give is not known',
    atLeast: (sums: string) => `at least ${sums}`,
    unknown: (vms: number) => `Not known of ${count(vms, 'VM')} here, which ${vms === 1 ? 'is' : 'are'} left out.`,
    arriving: (given: string) => `Arriving: ${given} more`,
    arrivingUnknown: (vms: number) => `Arriving: ${count(vms, 'VM')} of which it is not known`,
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
    refused: 'Signing in failed.',
    signOut: 'Sign out',
    signOutFailed: 'Signing out failed. Try again.',
  },

  /** The line above a picture: search, order, links. */
  search: {
    views: 'Views',
    view: { board: 'Board', table: 'Table', migrations: 'Migrations', drain: 'Drain' },
    label: 'Search VMs',
    placeholder: 'Search: name, host:, state:, is:moving …',
    found: (found: number, vms: number) => `${found.toLocaleString('en')} of ${vms.toLocaleString('en')}`,
    /** To who listens. */
    foundSaid: (found: number, vms: number) => `${found.toLocaleString('en')} of ${count(vms, 'VM')} ${found === 1 ? 'matches' : 'match'}`,
    hide: 'Hide the rest',
    options: 'Filter',
    more: 'More',
    group: 'Group',
    groups: { host: 'Group: hosts', zone: 'Group: zones', namespace: 'Group: namespaces', none: 'Group: none' },
    groupByLabel: (key: string) => `Group: label ${key}`,
    sort: 'Sort',
    sorts: { name: 'Sort: name', memory: 'Sort: memory', cpu: 'Sort: vCPUs', vms: 'Sort: VMs' },
    vcpus: (vcpus: string) => `${vcpus} vCPUs`,
    memoryUnknown: 'memory not known',
    vcpusUnknown: 'vCPUs not known',
    ascending: 'Ascending; turn around',
    descending: 'Descending; turn around',
    /** The order waits while somebody points at the board. */
    held: 'order is held',
    help: 'Search help',
    close: 'Close',
    nothing: 'No VM matches',
    clearAll: 'Clear the search',
    shown: (shown: number, vms: number) => `${shown.toLocaleString('en')} of ${vms.toLocaleString('en')} shown`,
    fold: (host: string) => `VMs of ${host}`,
    hosts: (hosts: number) => count(hosts, 'host'),
    noZone: 'No zone',
    noLabel: (key: string) => `No label ${key}`,
    emptyLabel: (key: string) => `Label ${key} without a value`,
    allVms: 'All VMs',
    noHost: 'not on a host',
    marks: {
      moving: 'moving',
      queued: 'queued',
      failed: 'last move failed',
      danger: 'danger',
      stuck: 'cannot move',
      attention: 'need attention',
    } satisfies Record<Mark, string>,
    problem: {
      unknownKey: (word: string) => `${word}: is no word of the search, so it is searched as text.`,
      meant: 'Did you mean',
      thereIs: 'There is',
      unknownValue: (key: string, word: string) => `No VM can have ${key}:${word}.`,
      noValue: (key: string) => `After ${key}: there can be`,
      noName: (key: string) => `After ${key}: a name is missing.`,
      openQuote: 'The quote is not closed: all that follows is one text.',
      noSuch: (key: string, word: string) => `Nothing is called ${key}:${word}.`,
      otherCluster: (word: string) => `This is not cluster:${word}. Search for clusters on the page of all clusters.`,
      more: (problems: number) => `And ${problems} more.`,
    },
    language: {
      title: 'Search',
      intro: 'All words must fit. Case and accents do not matter. Enter goes to the first VM that is found. Examples can be clicked on.',
      rows: [
        ['web', 'part of a name, display name or namespace'],
        ['web-*', 'a whole name; * stands for anything'],
        ['name:web-1', 'a whole name'],
        ['"two words"', 'in quotes all signs stand for themselves'],
        ['-web', 'not'],
        ['host:host-1,host-2', 'on one of these hosts, or arriving there'],
        ['to:host-2', 'moving or asked to move there'],
        ['ns:default', 'namespace'],
        ['zone:a', 'zone of its host'],
        ['state:error,paused', 'in one of these states'],
        ['is:moving', 'as the header counts them'],
        ['stage:transferring', 'stage of its migration'],
        ['cause:drain', 'why it moves, or moved last'],
        ['outcome:failed', 'how its last migration ended'],
        ['label:team=db', 'a label; label:team for any value'],
        ['os:windows', 'operating system; os:"" where it is not known'],
      ],
    },
  },

  /** The past of a cluster, in more than one view. */
  history: {
    open: 'History',
    hint: 'This is the past, not the present.',
    span: 'Scale',
    spans: { '1h': '1 hour', '6h': '6 hours', '24h': '1 day', all: 'all that is kept' },
    chart: (moves: number, failed: number) => `${count(moves, 'migration')} ended in this time, ${failed.toLocaleString('en')} failed`,
    notHeard: 'not heard of',
    silences: (times: number, length: string, isAtLeast: boolean) =>
      `not heard of ${times === 1 ? 'once' : `${times} times`}, for ${isAtLeast ? 'at least ' : ''}${length}${times === 1 ? '' : ' in all'}`,
  },

  announce: {
    moved: {
      one: (vm: string, to: string | null) => `${vm} moved${to === null ? '' : ` to ${to}`}`,
      many: (vms: number, from: string | null) => `${count(vms, 'VM')} moved${from === null ? '' : ` from ${from}`}`,
    },
    started: {
      one: (vm: string, to: string | null) => `${vm} started moving${to === null ? '' : ` to ${to}`}`,
      many: (vms: number, from: string | null) => `${count(vms, 'VM')} started moving${from === null ? '' : ` from ${from}`}`,
    },
    failed: {
      one: (vm: string, to: string | null) => `${vm}: move${to === null ? '' : ` to ${to}`} failed`,
      many: (moves: number) => `${count(moves, 'move')} failed`,
    },
    loop: (vm: string) => `${vm}: its move fails again and again`,
    aborted: {
      one: (vm: string, to: string | null) => `${vm}: move${to === null ? '' : ` to ${to}`} aborted`,
      many: (moves: number) => `${count(moves, 'move')} aborted`,
    },
    ended: {
      one: (vm: string, to: string | null) => `${vm}: move${to === null ? '' : ` to ${to}`} ended, outcome unknown`,
      many: (moves: number) => `${count(moves, 'move')} ended, outcome unknown`,
    },
    attention: (vms: number) => `${count(vms, 'VM')} ${vms === 1 ? 'needs' : 'need'} attention`,
    /** Several; each is not ready or does not report. */
    down: (hosts: string) => `${hosts} are down`,
    up: (hosts: string, count: number) => `${hosts} ${count === 1 ? 'is' : 'are'} back`,
    drained: (hosts: string, count: number) => `${hosts} ${count === 1 ? 'is' : 'are'} empty and safe to power off`,
    maintained: (hosts: string, count: number) => `${hosts} ${count === 1 ? 'is' : 'are'} in maintenance`,
    unsafe: (hosts: string, count: number) => `${hosts} ${count === 1 ? 'is' : 'are'} not safe to power off any more`,
    /** More hosts than are named. */
    others: (hosts: number) => `${hosts} more`,
    lost: 'The connection is lost. What you see may be old.',
    stale: 'The cluster has gone silent. What you see may be old.',
    back: 'What you see is live again.',

    /** The notes in the corner. */
    region: 'What has just happened',
    dismiss: 'Dismiss',
    away: (text: string) => `While you were away: ${text}`,
    /** The tab's title, where what it would say is not known. */
    silent: 'stale',
    unreached: 'not connected',
  },

  notify: {
    title: 'Desktop notifications',
    /** What they tell, and what they need. */
    hint: 'A migration failed, a host is down, a drain is done. Only while this page is open in a tab; in the background it then stays connected.',
    on: 'On',
    off: 'Off',
    asking: 'Your browser is asking …',
    denied: 'Your browser blocks notifications from this page. You can allow them in its settings for this site.',
    dismissed: 'Your browser was not answered. Try again.',
    unsupported: 'This browser shows no notifications from pages.',
    insecure: 'Browsers show notifications only from pages that are served over HTTPS.',
    kinds: { failed: 'Migration failed', down: 'Host down', drain: 'Drain' } satisfies Record<NotificationKind, string>,
  },

  wall: {
    open: 'Wall screen',
    /** How to leave it. */
    leave: 'Leave',
    hint: 'Esc leaves the wall screen',
    /** `isPart`: more VMs than the screen is high; the rest of them comes on the next page, or was on the last. */
    shown: (of: Shown['of'], first: number, last: number, all: number, isPart: boolean) =>
      `${of === 'hosts' ? 'Hosts' : 'Clusters'} ${first}–${last} of ${all.toLocaleString('en')}${isPart ? ', in part' : ''}`,
    turn: (place: number, all: number) => `${place} of ${all.toLocaleString('en')}`,
  },

  newVersion: {
    text: 'Hostview was upgraded. Reload to use the new version.',
    later: 'Later',
  },

  /** Files to take away. */
  export: {
    open: 'Export',
    title: 'Export what is shown',
    vmsCsv: 'VMs as CSV',
    hostsCsv: 'Hosts as CSV',
    json: 'VMs and hosts as JSON',
    found: (found: number, vms: number) => `${found.toLocaleString('en')} of ${vms.toLocaleString('en')} VMs: those that the search finds.`,
    all: (vms: number) => `All ${vms.toLocaleString('en')} VMs.`,
    past: 'This is the past. The files say so.',
    notLive: (time: string | null) => `The picture is not live${time === null ? '' : `: last heard ${time}`}. The files say so.`,
    saved: (name: string) => `Saved as ${name}`,
    failed: 'The file could not be made.',
  },
};

export type LateMessages = typeof enLate;
