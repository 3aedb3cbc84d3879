import type { Changes } from './frame.ts';
import { happeningsOf, type Painted } from './happenings.ts';
import { tellHappenings } from './models/announcement-model.ts';
import { animateMoves, movesOf } from './motion.ts';

/** Commits, lets what moves be seen to travel, and tells what has happened; `painted` is the picture before the commit. */
export function commitWithMotion(changes: Changes, painted: Painted, commit: () => void): void {
  const happenings = happeningsOf(changes, painted);
  animateMoves(movesOf(changes, painted.vm), commit);
  tellHappenings(happenings, changes);
}
