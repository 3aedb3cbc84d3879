/** How much of a card is shown. Pure. */

/** `list`: without the list of those that stand there · `head`: nothing but its head. */
export type Folding = 'list' | 'head' | null;

export interface CardContents {
  /** How many VMs it shows in the list of those that stand there, and on the way. */
  readonly settled: number;
  readonly moving: number;
  /** What does not match is hidden. */
  readonly isHiding: boolean;
  /** The reader has folded it. */
  readonly isFolded: boolean;
}

/** Who is on the way is never folded away; a card that has nothing to show for a search is its head. */
export function selectFolding({ settled, moving, isHiding, isFolded }: CardContents): Folding {
  if (moving > 0) return isFolded ? 'list' : null;
  return isFolded || (isHiding && settled === 0) ? 'head' : null;
}
