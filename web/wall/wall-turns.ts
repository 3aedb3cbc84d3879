/** In which order a wall at `/` shows all clusters, and each. Pure. */

/** So many clusters are shown one after another; then the list of all is looked at again: what got into trouble meanwhile is not to wait for hundreds. */
const STRETCH_COUNT = 5;

/** What a wall at `/` shows: all clusters, or one of them. */
export interface Turn {
  readonly cluster: string | null;
  /** All that a round goes through, in order: first those that it has shown, this one included, then those to come. */
  readonly round: readonly string[];
  readonly shownCount: number;
}

export const FIRST_TURN: Turn = { cluster: null, round: [], shownCount: 0 };

/** The list in the midst of a round: its first page, where the worst are, is enough. */
export const isGlance = ({ cluster, shownCount }: Turn): boolean => cluster === null && shownCount > 0;

/**
 * `seen`: the clusters that the list of all of them has just shown, in its order, as far as they have a picture; heeded when it is left. Those
 * to come are in that order from then on: what is worst comes next, unless this round has shown it.
 */
export function nextTurn(turn: Turn, seen: readonly string[]): Turn {
  const { cluster, round, shownCount } = turn;
  if (cluster !== null) {
    if (shownCount === round.length) return FIRST_TURN;
    return shownCount % STRETCH_COUNT === 0 ? { ...turn, cluster: null } : turnTo(round, shownCount);
  }
  // It has not come yet, or nothing is there.
  if (seen.length === 0) return turn;
  const shown = round.slice(0, shownCount);
  const coming = seen.filter((name) => !shown.includes(name));
  // Where those that were to come are gone, another round begins.
  return coming.length > 0 ? turnTo([...shown, ...coming], shownCount) : turnTo(seen, 0);
}

const turnTo = (round: readonly string[], at: number): Turn => ({ cluster: round[at] ?? null, round, shownCount: at + 1 });
