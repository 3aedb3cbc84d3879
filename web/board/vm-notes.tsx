import { useComputed } from '@preact/signals';
import { Fragment } from 'preact';
import type { Transit, Vm, VmId } from '../../core/model.ts';
import { useSession, useWords } from '../page/context.ts';
import { useLateWords } from '../words/late-words.ts';
import { noteText, splitLongWords } from '../words/note-text.ts';
import { MoveProgress } from './move-progress.tsx';
import { isEndRecent, type Note, selectMovingNotes, selectNotes } from './notes.ts';

/** What there is to say of a VM that stands in a list. */
export function VmNotes({ id }: { readonly id: VmId }) {
  const { cluster, connection } = useSession();
  // Only a VM whose last move ended badly looks at the clock, and only one that cannot move at its host.
  const isMarked = useComputed(() => {
    const vm = cluster.vm(id);
    return vm?.lastMigration !== undefined && vm.lastMigration.outcome !== 'succeeded' && isEndRecent(vm, connection.now.value);
  });
  const isHostEmptied = useComputed(() => {
    const vm = cluster.vm(id);
    return vm !== undefined && !vm.migratable.ok && vm.host !== null && cluster.host(vm.host)?.drain !== undefined;
  });
  const vm = cluster.vm(id);
  if (vm === undefined) return null;
  return (
    <>
      <Dangers vm={vm} />
      {vm.transit !== undefined && <MoveProgress transit={vm.transit} />}
      <Lines notes={selectNotes(vm, { isEndRecent: isMarked.value, isHostEmptied: isHostEmptied.value })} />
    </>
  );
}

/** The same of a VM on its way, on the chip at its source. */
export function MovingNotes({ id }: { readonly id: VmId }) {
  const vm = useSession().cluster.vm(id);
  if (vm?.transit === undefined) return null;
  return (
    <>
      <Asked transit={vm.transit} />
      <Dangers vm={vm} />
      <MoveProgress transit={vm.transit} />
      <Lines notes={selectMovingNotes(vm)} />
    </>
  );
}

/** The host that somebody asked for, where it goes to another one (harvester/harvester#4352). */
function Asked({ transit: { to, requested } }: { readonly transit: Transit }) {
  const { askedInstead } = useLateWords();
  return to === null || requested === undefined || requested === to ? null : <span class="chip-asked">{askedInstead(requested)}</span>;
}

function Dangers({ vm: { danger = [] } }: { readonly vm: Vm }) {
  const { dangers } = useLateWords();
  return (
    <>
      {danger.map((each) => (
        <span key={each} class="note" data-note="danger">
          {dangers[each]}
        </span>
      ))}
    </>
  );
}

function Lines({ notes }: { readonly notes: readonly Note[] }) {
  const { words, formats } = useWords();
  const late = useLateWords();
  return (
    <>
      {notes.map((note, index) => {
        const text = noteText(note, { words, late, formats });
        return (
          <span key={index} class="note" data-note={note.kind} title={text}>
            <Breakable text={text} />
          </span>
        );
      })}
    </>
  );
}

/** Kubernetes' long words (HostDeviceNotLiveMigratable) may break where a new one begins in them, and so not just anywhere. */
const Breakable = ({ text }: { readonly text: string }) => (
  <>
    {splitLongWords(text).map((part, index) => (
      <Fragment key={index}>
        {index > 0 && <wbr />}
        {part}
      </Fragment>
    ))}
  </>
);
