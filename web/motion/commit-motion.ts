import { tellHappenings } from '../news/announcement-model.ts';
import { happeningsOf, type Painted } from '../news/happenings.ts';
import type { Changes } from '../rendering/frame.ts';
import { animateMoves, movesOf } from './motion.ts';

/** Commits, lets what moves be seen to travel, and tells what has happened; `painted` is the picture before the commit. */
export function commitWithMotion(changes: Changes, painted: Painted, commit: () => void): void {
  const happenings = happeningsOf(changes, painted);
  animateMoves(movesOf(changes, painted.vm), commit);
  tellHappenings(happenings, changes);
}
