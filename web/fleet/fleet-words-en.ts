/** English for all clusters (`/`). */
import { count } from '../words/en.ts';

export const enFleet = {
  title: 'Clusters',
  add: 'Add a cluster',
  freshness: { live: 'live', stale: 'stale', waiting: 'waiting', unknown: 'not known' },
  standings: { attention: 'In trouble', stale: 'Stale', unknown: 'Not known', fine: 'Fine', waiting: 'Waiting' },
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
  /** Moves, queued and finishing ones too, which a board tells apart from those that are moving. */
  underWay: 'under way',
  failed: 'failed, last hour',
  allocatableUnknown: 'what its hosts can give is not known',
  failedBefore: 'failed, its last hour',
  /** `isPast`: the hour before the cluster fell silent. */
  moved: (moves: number, told: string, isPast: boolean) =>
    `${told} ${moves === 1 ? 'move' : 'moves'}, ${isPast ? 'its last hour' : 'last hour'}`,
  most: (told: string) => `; most in five minutes: ${told}`,
  lastPictures: (clusters: number) =>
    `The sums count ${clusters === 1 ? 'a stale cluster' : `${clusters.toLocaleString('en')} stale clusters`} as last seen.`,
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
    /** Follows {@link text} where what was typed looks like a board's search. */
    language: (underWay: string, failed: string) =>
      ` Unlike a board’s search, this filter knows no keys and no minus: it looks for words in clusters’ names and states, and in “${underWay}” and “${failed}”.`,
    clear: 'Clear the filter',
  },
};

export type FleetMessages = typeof enFleet;
