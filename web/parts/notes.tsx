import type { Vm } from '../../core/model.ts';
import { useWords } from '../context.ts';
import { lateParts } from '../late-parts.ts';

/**
 * What a chip has to say besides name and state: dangers at once, the rest with the late parts. Most VMs have nothing to say, and are
 * not rendered again for that.
 */
export const Notes = ({ vm, isMoving }: { readonly vm: Vm; readonly isMoving: boolean }) => (
  <>
    {vm.danger !== undefined && <Dangers of={vm.danger} />}
    {hasNotes(vm) && <LateNotes vm={vm} isMoving={isMoving} />}
  </>
);

function Dangers({ of }: { readonly of: NonNullable<Vm['danger']> }) {
  const { words } = useWords();
  return (
    <>
      {of.map((danger) => (
        <span key={danger} class="note" data-note="danger">
          {words.dangers[danger]}
        </span>
      ))}
    </>
  );
}

const hasNotes = ({ host, transit, evacuation, lastMigration, reason, migratable }: Vm): boolean =>
  (transit ?? evacuation ?? reason) !== undefined ||
  (lastMigration !== undefined && (lastMigration.outcome !== 'succeeded' || host === null)) ||
  !migratable.ok;

function LateNotes({ vm, isMoving }: { readonly vm: Vm; readonly isMoving: boolean }) {
  const late = lateParts.value;
  if (late === null) return null;
  return isMoving ? <late.MovingNotes id={vm.id} /> : <late.VmNotes id={vm.id} />;
}
