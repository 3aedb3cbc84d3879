/** English for the details of a VM and of a host. */
import { count } from '../words/en.ts';

export const enDetails = {
  details: {
    vm: 'VM',
    namespace: 'Namespace',
    reason: 'Reason',
    host: 'Host',
    danger: 'Danger',
    toLeave: 'To leave',
    moving: 'Moving',
    asked: 'Asked for',
    waitingFor: 'Waiting',
    elapsed: 'Since',
    /** The way to or from another cluster. */
    peer: 'Other side',
    pair: (pair: string) => `as ${pair}`,
    lastMigration: 'Last move',
    ended: 'Ended',
    tries: 'Tries in a row',
    /** How long the guest stood still. */
    blackout: 'Stood still',
    previous: 'Before',
    /** Followed by the time. */
    wasThere: (host: string) => `on ${host} until`,
    wasThereUnwatched: (host: string) => `on ${host}, left while nobody was watching`,
    migratable: 'Can move',
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

  /** Stages of a migration, from the first to the last. */
  ladder: {
    title: 'Stages',
    done: 'done',
    now: 'now',
    ahead: 'ahead',
    /** It is over, and the room saw nothing of it: it was too short, or nobody was watching. */
    unseen: 'not seen',
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
};

export type DetailsMessages = typeof enDetails;
