import type { Vm } from '../../core/model.ts';
import { lateParts } from '../late/late-parts-file.ts';

/**
 * What a chip has to say besides name and state comes with the late parts; that it needs a person is marked at once. Most VMs have nothing
 * to say, and are not rendered again for that.
 */
export const Notes = ({ vm, isMoving }: { readonly vm: Vm; readonly isMoving: boolean }) =>
  hasNotes(vm) ? <LateNotes vm={vm} isMoving={isMoving} /> : null;

export const hasNotes = ({ host, transit, evacuation, danger, lastMigration, reason, migratable }: Vm): boolean =>
  (transit ?? evacuation ?? danger ?? reason) !== undefined ||
  (lastMigration !== undefined && (lastMigration.outcome !== 'succeeded' || host === null)) ||
  !migratable.ok;

function LateNotes({ vm, isMoving }: { readonly vm: Vm; readonly isMoving: boolean }) {
  const late = lateParts.value;
  if (!late) return null;
  return isMoving ? <late.MovingNotes id={vm.id} /> : <late.VmNotes id={vm.id} />;
}
