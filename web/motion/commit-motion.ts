import { tellHappenings } from '../news/announcement-model.ts';
import { happeningsOf, type Painted } from '../news/happenings.ts';
import type { Changes } from '../rendering/frame.ts';
import { animateMoves, movesOf } from './motion.ts';

/**
 * Commits, lets what moves be seen to travel, and tells what has happened; `painted` is the picture before the commit. Whatever of the rest fails,
 * the picture is painted: an old one would look live.
 */
export function commitWithMotion(changes: Changes, painted: Painted, commit: () => void): void {
  let isDue = true;
  const commitOnce = (): void => {
    isDue = false;
    commit();
  };
  try {
    const happenings = happeningsOf(changes, painted);
    animateMoves(movesOf(changes, painted.vm), commitOnce);
    tellHappenings(happenings, changes);
  } finally {
    if (isDue) commitOnce();
  }
}
