/** From where to where a migration goes or went, in words: what an end without a name is, as far as it can be known. Pure. */
import type { LastMigration, Transit } from '../../core/model.ts';
import type { LateMessages } from '../words/en-late.ts';

type Facts = Pick<LateMessages['facts'], 'unknownHost' | 'otherCluster' | 'targetPending' | 'noTarget'>;

/** Of one under way. An abort ends the search for a target. */
export const wayAhead = ({ from, to, peer, stage }: Pick<Transit, 'from' | 'to' | 'peer' | 'stage'>, facts: Facts): string =>
  `${from ?? (peer?.direction === 'in' ? facts.otherCluster : facts.unknownHost)} → ${
    to ?? (peer?.direction === 'out' ? facts.otherCluster : stage === 'aborting' ? facts.noTarget : facts.targetPending)
  }`;

/**
 * Of one that is over. One that succeeded had a target. Of any other nothing tells whether none was chosen, or whether the pod that was on it
 * went before it was seen (or may not be read): what is said is true of both. Across clusters, what has no name here is over there; of two
 * ends without a name, the target is the one on this side.
 */
export function wayBehind({ outcome, cause, from, to }: Pick<LastMigration, 'outcome' | 'cause' | 'from' | 'to'>, facts: Facts): string {
  const isAcross = cause === 'cross-cluster';
  const lost = outcome === 'succeeded' ? facts.unknownHost : facts.noTarget;
  return `${from ?? (isAcross ? facts.otherCluster : facts.unknownHost)} → ${to ?? (isAcross && from !== null ? facts.otherCluster : lost)}`;
}
