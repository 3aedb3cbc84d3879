import type { Vm } from '../../core/model.ts';
import { lateParts } from '../late-parts.ts';

/**
 * The place for what a chip has to say besides name and state; its words come with the late parts. Most VMs have nothing to say, and
 * are not rendered again for that.
 */
export const Notes = ({ vm, isMoving }: { readonly vm: Vm; readonly isMoving: boolean }) =>
  hasNotes(vm) ? <LateNotes vm={vm} isMoving={isMoving} /> : null;

const hasNotes = ({ danger, transit, evacuation, lastMigration, reason, migratable }: Vm): boolean =>
  (danger ?? transit ?? evacuation ?? reason) !== undefined ||
  (lastMigration !== undefined && lastMigration.outcome !== 'succeeded') ||
  !migratable.ok;

function LateNotes({ vm, isMoving }: { readonly vm: Vm; readonly isMoving: boolean }) {
  const late = lateParts.value;
  if (late === null) return null;
  return isMoving ? <late.MovingNotes id={vm.id} /> : <late.VmNotes id={vm.id} />;
}
