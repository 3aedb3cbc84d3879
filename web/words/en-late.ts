/** English for what comes after the first board (late/late-parts.ts), and the type that every other language has to satisfy. */
import type { Danger, Drain, DrainAnswer, Outcome, Wait, WaitReason } from '../../core/model.ts';
import type { Advice } from '../drain/drain-advice.ts';
import type { Hindrance } from '../drain/drain-line.ts';
import { type RoundSpan, spanText } from '../drain/drain-span.ts';
import type { PastNo, Verdict } from '../drain/drain-verdict.ts';
import type { MotionChoice } from '../motion/motion-choice.ts';
import type { NotificationKind } from '../news/notifications.ts';
import type { Mark } from '../search/query-keys.ts';
import type { KeyDoes } from '../settings/keys.ts';
import type { Refusal, Trouble } from '../stream/connection-state.ts';
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
    title: 'Settings',
    motion: 'Motion',
    motions: { system: 'System', reduced: 'Reduced', full: 'Full' } satisfies Record<MotionChoice, string>,
    shortcuts: 'Single-key shortcuts',
    keys: 'List of keys',
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

  drainBoard: {
    /** The way in, from a host's card. */
    open: 'Drain board',
    overview: 'Hosts being emptied',
    all: 'All hosts being emptied',
    board: 'Board',
    question: 'Safe to power off?',
    answers: { yes: 'Yes', no: 'No', off: 'It is off', unknown: 'Not known' } satisfies Record<Verdict['answer'], string>,
    old: 'The picture is not live: what runs there now is not known',
    past: 'This is the past: it does not tell what runs there now',
    contradiction: 'The picture contradicts itself: it says that the host is empty, and shows VMs there',
    /** Of a picture that is not live; `time` is when the cluster last spoke. */
    no: {
      moment: (reason: string) => `At that moment: no, ${reason}`,
      heard: (reason: string, time: string | undefined) => `At the last picture${time === undefined ? '' : `, ${time}`}: no, ${reason}`,
    } satisfies Record<NonNullable<PastNo>, (reason: string, time: string | undefined) => string>,
    parts: {
      gone: 'gone',
      moving: 'moving',
      stopping: 'shutting down',
      waiting: 'waiting',
      stuck: 'cannot move',
      unasked: 'not asked to leave',
      arriving: 'arriving',
    },
    were: (vms: number, isAtLeast: boolean) => `${isAtLeast ? 'At least ' : ''}${count(vms, 'VM')} ${vms === 1 ? 'was' : 'were'} here`,
    since: (time: string, duration: string) => `Since ${time}, for ${duration}`,
    sinceUnwatched: 'It began while nobody was watching',

    eta: {
      /** Nobody is left then. */
      whole: 'Probably empty in',
      /** Some stay. */
      partial: 'Others probably gone in',
      span: (span: RoundSpan) => (span.from === 0 ? `less than ${spanText('en', { ...span, from: span.to })}` : spanText('en', span)),
      except: (list: string) => `except ${list}`,
      endless: 'Does not end by itself',
      /** `known`: others can have left unwatched. */
      tooEarly: (known: number) =>
        `Too early to tell how long it takes: ${known === 0 ? 'no VM' : `only ${count(known, 'VM')}`} seen leaving so far`,
      halted: (duration: string) => `No VM seen leaving for ${duration}`,
      hindrances: {
        stuck: (vms: number) => `${vms} that cannot move`,
        failing: (vms: number) => `${vms} whose ${vms === 1 ? 'move does' : 'moves do'} not get through`,
        held: (vms: number) => `${vms} held up`,
        unasked: (vms: number) => `${vms} not asked to leave`,
        arriving: (vms: number) => `${vms} on the way here`,
      } satisfies Record<Hindrance | 'arriving', (vms: number) => string>,
    },

    nobodyMoves: 'None at the moment',
    nobodyWaits: 'None',
    nobodyIsStuck: 'None: all of them can move',
    unaskedHint: 'A drain or maintenance mode asks them to; cordoning alone does not.',
    advice: {
      device: 'Shut it down, or take the device of this host away from it.',
      disks: 'Shut it down, or put its disks on storage that other hosts share (ReadWriteMany).',
      folder: 'Shut it down: folders shared with its host cannot move.',
      network: 'Shut it down, or change how it is bound to the pod network.',
      cpu: 'Shut it down, or give it a CPU model that other hosts have.',
      pinned: 'Take this host out of its nodeSelector, or shut it down.',
      other: 'Shut it down to empty the host.',
    } satisfies Record<Advice, string>,
    /** In line: KubeVirt promises no order (Wait.place). */
    place: (place: number) => (place < FIRST_ROUGH_PLACE ? `place ~${place}` : `place ${place}+`),
    tries: (tries: number) => `${tries === 1 ? '1 try' : `${tries} tries`} failed`,
    lastFailed: 'last try failed',
    showAll: (vms: number) => `Show all ${vms}`,
    /** Those that left, where they are now. */
    goneTo: (host: string) => `→ ${host}`,
    goneElsewhere: (vms: number) => `${vms} more moved on, were deleted, or left unwatched.`,
    arrivingUnlisted: (vms: number) =>
      `${count(vms, 'VM')} still ${vms === 1 ? 'needs' : 'need'} this host: a target pod, or a move that is not over.`,

    none: { title: 'No host is being emptied', text: 'Hosts are here while they are cordoned, drained, in maintenance, or off.' },
    inUse: (vms: number) => ({
      title: 'Not being emptied',
      text: `Nobody is emptying this host. ${count(vms, 'VM')} ${vms === 1 ? 'is' : 'are'} here.`,
    }),
    back: (vms: number) => ({
      title: 'Back in use',
      text: `It is not being emptied any more. ${count(vms, 'VM')} ${vms === 1 ? 'is' : 'are'} here.`,
    }),
    noHost: (vms: number) => ({
      title: 'No host of this name',
      text:
        vms === 0
          ? 'It was never in this cluster, or it was removed.'
          : `No node of this name is known, though ${count(vms, 'VM')} should be there.`,
    }),
  },

  /** All clusters (`/`). */
  fleet: {
    title: 'Clusters',
    freshness: { live: 'live', stale: 'stale', waiting: 'waiting', unknown: 'not known' },
    standings: { attention: 'Needs attention', stale: 'Stale', unknown: 'Not known', fine: 'Fine', waiting: 'Waiting' },
    /** In place of the numbers of a cluster that has none. */
    hints: {
      waiting: 'Registered, and never heard: its forwarder has not spoken yet.',
      unknown: 'Hostview did not get an answer about this cluster. Nothing is known of it at the moment.',
    },
    staleSince: (time: string) => `stale since ${time}`,
    /** The page does not hear the fleet: how a cluster was then, and of which moment all of it is. */
    liveAt: (time: string) => `live at ${time}`,
    asOf: (time: string) => `This is how it was at ${time}.`,
    silentFor: (time: string) => `silent for ${time}`,
    live: 'clusters live',
    failed: 'failed, last hour',
    allocatableUnknown: 'what its hosts can give is not known',
    failedBefore: 'failed, its last hour',
    /** `isPast`: the hour before the cluster fell silent. */
    moved: (moves: number, told: string, isPast: boolean) =>
      `${told} ${moves === 1 ? 'move' : 'moves'}, ${isPast ? 'its last hour' : 'last hour'}`,
    most: (told: string) => `; most in five minutes: ${told}`,
    lastPictures: (clusters: number) => `The sums count ${clusters === 1 ? 'a stale cluster' : `${clusters} stale clusters`} as last seen.`,
    notCounted: (clusters: number) => `${count(clusters, 'cluster')} not known, and not counted.`,
    partial: 'Partial view: you may see some of the clusters only.',
    filter: 'Filter by name or state',
    found: (shown: string, all: string) => `${shown} of ${all}`,
    held: 'Order held while you point at the list',
    /** A card that stands under another heading while the order is held. */
    belongs: (standing: string) => `→ ${standing}`,
    group: 'Group',
    groups: { trouble: 'by trouble', none: 'none' },
    sort: 'Sort',
    sorts: { trouble: 'by trouble', name: 'by name' },
    none: {
      title: 'No clusters yet',
      text: 'Add a cluster to get the command that installs its forwarder. It appears here by itself.',
    },
    noneShared: {
      title: 'No cluster to see',
      text: 'You may see some clusters only, and none of them is registered here now.',
    },
    noneFound: {
      title: 'No cluster matches',
      text: (text: string) => `None of them has “${text}” in its name or its state.`,
      clear: 'Clear the filter',
    },
  },

  /** Registering a cluster, as its administrator. */
  addCluster: {
    title: 'Add a cluster',
    close: 'Close',
    name: 'Name',
    nameHint: 'It stands in addresses and cannot be changed later.',
    faults: {
      empty: 'Enter a name.',
      characters: 'Small letters a–z, digits and hyphens only.',
      edge: 'It must begin and end with a letter or a digit.',
      'too-long': 'At most 63 characters.',
      taken: 'A cluster of this name is registered.',
    },
    displayName: 'Shown as (optional)',
    token: 'Admin token',
    tokenHint: 'The ADMIN_TOKEN of this Hostview. It stays in this form until you close it, and is stored nowhere.',
    noToken: 'Enter the admin token.',
    submit: 'Add',
    busy: 'Adding…',
    problems: {
      'wrong-token': 'This is not the admin token of this Hostview.',
      taken: 'A cluster of this name is registered. If its forwarder was never installed, or its token is lost, get another command.',
      'too-many': 'No more clusters can be registered here. Remove one first.',
      'admin-off': 'Administration is off: this Hostview was started without an ADMIN_TOKEN.',
      unreachable: 'Hostview cannot be reached. Try again.',
    },
    wait: (seconds: number) => `Too many wrong tokens. Try again in ${seconds} s.`,
    waitAWhile: 'Too many wrong tokens. Try again in a while.',
    refused: (why: string) => `It was refused: ${why}`,
    another: 'Get another command',
    run: (cluster: string) => `Run this with access to ${cluster}. It installs the forwarder.`,
    command: 'Install command',
    copy: 'Copy',
    copied: 'Copied',
    copyFailed: 'Copying is not allowed here: it is selected, copy it by hand.',
    goodFor: (time: string) => `It works once, for another ${time}.`,
    over: 'It is too old and works no more.',
    /** kubectl shows the status of a refusal alone. */
    noImage: 'If kubectl reports 409, this Hostview has no FORWARDER_IMAGE to install.',
    states: {
      waiting: 'Waiting for its forwarder to speak…',
      live: 'It is live.',
      stale: 'It fell silent.',
      unknown: 'Nothing is known of it at the moment.',
    },
    open: 'Open its board',
  },

  details: {
    vm: 'VM',
    namespace: 'Namespace',
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
    /** Followed by the time. */
    wasThere: (host: string) => `on ${host} until`,
    wasThereUnwatched: (host: string) => `on ${host}, left while nobody was watching`,
    migratable: 'Can move',
    yes: 'yes',
    no: 'no',
    os: 'System',
    cpu: 'CPU',
    cores: (cores: number) => count(cores, 'vCPU'),
    memory: 'Memory',
    labels: 'Labels',
    /** Of one run of the VM. */
    uid: 'VMI uid',
    machine: 'Machine',
    since: 'since',
    sinceUnwatched: 'came while nobody was watching',
    /** The host that was asked for, and the one it goes to (harvester/harvester#4352). */
    askedElsewhere: (asked: string, to: string) => `${asked}, but it goes to ${to}`,
    transit: 'On the way',
    lastMigrationTitle: 'Last migration',
    earlierMoves: 'Earlier migrations',
    allMoves: 'Migrations that are kept, up to now',
    endedUnwatchedBy: 'while nobody was watching, known since',
    knownSince: 'known since',
    took: 'Took',
    stages: 'Stages',
    places: 'Where it was',
    showAll: (number: number) => `Show all ${number}`,
    later: 'later',
    gone: 'There is no VM of this name in the cluster now.',
    goneThen: 'There was no VM of this name in the cluster then.',
    shownThen: 'Above is what was known at',
    restIsNow: 'below is what is known up to now, with what came later marked.',
    loading: 'Loading what is known of it',
    notLoaded: 'What the room remembers of it could not be read.',
    mayBeOld: 'What follows may be old: it could not be read again.',
    tooManyReads: (seconds: number) => `The past of this cluster is being read too often. It is tried again in ${seconds} s.`,
    retry: 'Try again',
  },

  drawer: {
    close: 'Close',
    /** The picture is not live; `time` is when the cluster was last heard. */
    old: (time: string) => `Last known at ${time}`,
  },
  copyLink: { copy: 'Copy link', copied: 'Link copied', byHand: 'The browser does not let pages copy here. Copy this address by hand' },

  /** Stages of a migration, from the first to the last. */
  ladder: {
    title: 'Stages',
    done: 'done',
    now: 'now',
    ahead: 'ahead',
    /** It is over, and the room saw nothing of it: it was too short, or nobody was watching. */
    unseen: 'not seen',
    unwatched: 'not watched',
    atLeast: 'at least',
  },

  timeline: {
    now: 'now',
    later: 'later',
    cameUnwatched: 'not watched',
    leftUnwatched: 'not watched',
    nowhere: 'On no host',
    unwatched: 'Not watched',
    after: 'after',
    before: 'before',
    broughtBy: (cause: string) => `moved here: ${cause}`,
    broughtByMove: 'moved here',
    forgotten: 'Earlier places are not kept',
  },

  hostDetails: {
    gone: 'There is no host of this name in the cluster now.',
    goneThen: 'There was no host of this name in the cluster then.',
    noNode: 'VMs name this host, and no Node of this name is known: nothing else can be said of it.',
    reasons: 'Reasons',
    drain: 'Being emptied',
    capacity: 'Capacity',
    vms: 'VMs',
    noVms: 'No VM is here or on its way.',
    node: 'Node',
    name: 'Name',
    roles: 'Roles',
    noRoles: 'none',
    zone: 'Zone',
    notKnown: 'not known',
  },

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

  help: {
    title: 'Keys',
    anywhere: 'Anywhere',
    onBoard: 'On the board',
    off: 'Single keys are switched off in the settings.',
    hint: 'The board is one stop for the Tab key. On it, letters go to names; elsewhere, they are these keys.',
    close: 'Close',
    does: {
      search: 'Search',
      help: 'This list',
      board: 'Board',
      table: 'Table',
      migrations: 'Migrations',
      history: 'The past',
      copyLink: 'Copy the link to what is shown',
      close: 'Close what is open, leave the board',
      move: 'Next VM or host in that direction',
      edges: 'First, last of the host',
      boardEdges: 'First, last of the board',
      hosts: 'Host before, host after',
      type: 'Next VM or host whose name begins so',
      open: 'Open details',
    } satisfies Record<KeyDoes, string>,
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

  /** The line above a picture: search, order, links. */
  search: {
    views: 'Views',
    view: { board: 'Board', table: 'Table', migrations: 'Migrations', drain: 'Drain' },
    label: 'Search VMs',
    placeholder: 'Search: name, host:, state:, is:moving …',
    found: (found: number, vms: number) => `${found} of ${vms}`,
    /** To who listens. */
    foundSaid: (found: number, vms: number) => `${found} of ${count(vms, 'VM')} ${found === 1 ? 'matches' : 'match'}`,
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
    shown: (shown: number, vms: number) => `${shown} of ${vms} shown`,
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
      intro: 'All words must fit. Case and accents do not matter. Examples can be clicked on.',
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

  past: {
    open: 'History',
    region: 'The past of this cluster',
    close: 'Close the history',
    shown: 'The past is shown',
    present: 'The present is shown. Drag, step, or type a time to look back.',
    ago: (length: string) => `${length} ago`,
    wasLive: 'the cluster was live then',
    wasStale: (length: string, since: string) => `the cluster had been silent for ${length} then, since ${since}`,
    wasWaiting: 'the cluster had not spoken yet',
    hint: 'This is the past, not the present.',
    awaited: (time: string) => `Fetching ${time} …`,
    missing: (time: string) => `${time} is not kept.`,
    missingTitle: 'That moment is not kept',
    reachesTo: (time: string) => `The past of this cluster goes back to ${time}.`,
    reachesNowhere: 'Nothing is known of the past of this cluster.',
    future: (time: string) => `${time} has not come yet.`,
    futureTitle: 'That moment has not come yet',
    busy: 'The past of this cluster is being read too often. It is asked again by itself.',
    trouble: 'The past could not be fetched. It is tried again by itself.',
    refused: 'The past could not be fetched.',
    retry: 'Try again',
    showOldest: 'Show the oldest',
    live: 'Live',
    showLive: 'Back to live',
    pause: 'Pause: hold this moment',
    play: 'Play from here, change by change',
    stop: 'Stop',
    back: 'One change back',
    forward: 'One change forward',
    rate: 'Speed',
    slider: 'Moment that is shown',
    now: 'now',
    span: 'Scale',
    spans: { '1h': '1 hour', '6h': '6 hours', '24h': '1 day', all: 'all that is kept' },
    edges: { newest: 'Nothing has changed since.', oldest: 'Nothing older is kept.' },
    goTo: 'Go to a time',
    go: 'Go',
    form: '14:02, 2026-11-26 14:02:10, with Z or +01:00 for another zone, or -1h',
    unreadable: 'This is not a time. Write 14:02, 2026-11-26 14:02:10, 2026-11-26T13:02:10Z, or -1h.',
    'no-such-time': 'There is no such time: check the day and the hour.',
    hourBack: '−1 h',
    hourBackHint: 'One hour before what is shown',
    lastFailure: 'Last failure',
    lastFailureHint: 'Just before a migration last failed',
    noFailure: 'No migration that is kept has failed.',
    noFailureLately: 'None of the newest migrations has failed. Older ones were not looked through.',
    chart: (moves: number, failed: number) => `${count(moves, 'migration')} ended in this time, ${failed} failed`,
    news: {
      moved: (name: string, from: string, to: string) => `${name}: ${from} → ${to}`,
      ended: (name: string, outcome: string) => `${name}: migration ${outcome}`,
      is: (name: string, what: string) => `${name}: ${what}`,
      came: (name: string) => `${name} is new`,
      went: (name: string) => `${name} is gone`,
      changed: (name: string) => `${name} changed`,
      more: (others: number) => `${others} more`,
    },
  },

  /** What has happened, for who listens and for who looks away: one thing by its name, several as a sum. */
  moves: {
    title: 'Migrations',
    chart: 'How migrations ended',
    running: 'Under way',
    finished: 'Finished',
    columns: {
      outcome: 'Outcome',
      vm: 'VM',
      way: 'From → to',
      when: 'When',
      took: 'Took',
      cause: 'Cause',
      reason: 'Reason',
      moment: 'Moment',
    },
    listed: (listed: number, of: number) => `${listed} of ${of} listed`,
    loaded: (moves: number, hasMore: boolean) => (hasMore ? `the newest ${moves}` : count(moves, 'migration')),
    older: 'Show older ones',
    loading: 'Fetching …',
    failed: 'The list could not be fetched. What is shown may be old.',
    none: 'No migration that is kept is over.',
    noneRunning: 'None is under way.',
    noMatch: 'None of those that are listed match the search.',
    noneBefore: 'None that is kept was over at this moment.',
    asOf: 'As of the moment that is shown; what ended later is left out.',
    filter: 'Outcome',
    all: 'All',
    asked: (host: string) => `asked for ${host}`,
    blackout: (length: string) => `stood still ${length}`,
    unwatchedEnd: 'learnt of then; nobody watched the end',
    unwatched: 'not watched',
    tries: (tries: number) => `${tries} in a row without success`,
    showStart: 'Show the start',
    showEnd: 'Show the end',
    /** What follows it for those who do not see the row. */
    showEndOf: (vm: string) => ` of this migration of ${vm}, on the board`,
    stages: 'Stages',
    csv: 'CSV',
    json: 'JSON',
    saveAs: 'Save the list as',
    saved: (name: string) => `Saved as ${name}`,
    saveFailed: 'Saving failed.',
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
    hosts: (first: number, last: number, all: number) => `Hosts ${first}–${last} of ${all}`,
    turn: (place: number, all: number) => `${place} of ${all}`,
  },

  newVersion: {
    text: 'Hostview was upgraded. Reload to use the new version.',
    later: 'Later',
  },

  /** The picture as tables. */
  table: {
    vms: 'VMs',
    hosts: 'Hosts',
    count: (rows: number) => `${rows}`,
    found: (found: number, vms: number) => `${found} of ${vms}`,
    columns: {
      name: 'Name',
      namespace: 'Namespace',
      host: 'Host',
      state: 'State',
      news: 'What happens',
      when: 'When',
      cpu: 'vCPUs',
      memory: 'Memory',
      migratable: 'Can move',
      os: 'System',
      labels: 'Labels',
    },
    hostColumns: {
      name: 'Host',
      state: 'State',
      vms: 'VMs',
      arriving: 'Arriving',
      leaving: 'Leaving',
      cpu: 'Cores',
      memory: 'Memory',
      drain: 'Being emptied',
    },
    sortBy: 'Sort by',
    caption: (what: string, column: string, isDescending: boolean) =>
      `${what}, sorted by ${column.toLowerCase()}, ${isDescending ? 'descending' : 'ascending'}`,
    lastMove: (what: string) => `last move ${what}`,
    /** In the row of a VM that is gone while the order is held. */
    gone: 'no longer in the cluster',
    held: 'Order held while you are in the table',
    toHosts: 'To the hosts ↓',
    toVms: 'To the VMs ↑',
    noVms: 'There is no VM in this cluster.',
    noHosts: 'There is no host in this cluster.',
    nothingFound: 'No VM matches the search.',
    clearSearch: 'Clear the search',
  },

  /** Files to take away. */
  export: {
    open: 'Export',
    title: 'Export what is shown',
    vmsCsv: 'VMs as CSV',
    hostsCsv: 'Hosts as CSV',
    json: 'VMs and hosts as JSON',
    found: (found: number, vms: number) => `${found} of ${vms} VMs: those that the search finds.`,
    all: (vms: number) => `All ${vms} VMs.`,
    past: 'This is the past. The files say so.',
    notLive: (time: string | null) => `The picture is not live${time === null ? '' : `: last heard ${time}`}. The files say so.`,
    saved: (name: string) => `Saved as ${name}`,
    failed: 'The file could not be made.',
  },
};

export type LateMessages = typeof enLate;
