/**
 * How often something is scrolled to until it stays in view. Once is not enough: cards that were out of view are only guessed to be as high
 * as they are (`contain-intrinsic-size`), those before it can still be drawn (slices.ts), and each scroll brings others into view. Pure.
 */

export interface Pursuit {
  /** Where it stood in the window with the last frame, in CSS pixels; null: it was not laid out there. */
  readonly top: number | null;
  /** For how many frames it has stood there. */
  readonly still: number;
  /** How many frames are left, once all is drawn: on a board where something moves with every frame it would never end. */
  readonly left: number;
}

export const PURSUIT: Pursuit = { top: null, still: 0, left: 120 };

/** Other cards that have come into view with it are laid out by then. */
const STILL_FRAMES = 3;

/** With each frame, before it is scrolled to: `top` is where the last frame has shown it. Null: it has arrived, or is given up. */
export function pursue({ top: before, still: stood, left }: Pursuit, top: number | null, isDrawing: boolean): Pursuit | null {
  const still = top !== null && top === before ? stood + 1 : 0;
  if (isDrawing) return { top, still: 0, left };
  return still >= STILL_FRAMES || left <= 1 ? null : { top, still, left: left - 1 };
}
