/** How much moves on the page: as the system asks for, or as the reader chose here (SPEC P5). Pure. */
export const MOTIONS = ['system', 'reduced', 'full'] as const;
export type MotionChoice = (typeof MOTIONS)[number];

/** Anything else that is kept counts as the system's. */
export const parseMotion = (kept: string | null): MotionChoice => MOTIONS.find((known) => known === kept) ?? 'system';

/** `isPreferred`: the system asks for less. */
export const isReducedBy = (choice: MotionChoice, isPreferred: boolean): boolean =>
  choice === 'reduced' || (choice === 'system' && isPreferred);
