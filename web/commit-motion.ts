import type { Vm, VmId } from '../core/model.ts';
import type { Changes } from './frame.ts';
import { noteHappenings } from './models/announcement-model.ts';
import { animateMoves, movesOf } from './motion.ts';
import { happeningsOf } from './parts/announcer.tsx';

/** Commits, lets what moves be seen to travel, and notes it for the announcer; `paintedVm` looks into the picture before the commit. */
export function commitWithMotion(changes: Changes, paintedVm: (id: VmId) => Vm | undefined, commit: () => void): void {
  noteHappenings(happeningsOf(changes, paintedVm));
  animateMoves(movesOf(changes, paintedVm), commit);
}
