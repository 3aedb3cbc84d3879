import { useComputed } from '@preact/signals';
import { Fragment } from 'preact';
import { useRef } from 'preact/hooks';
import { isEqualJson } from '../../core/equal.ts';
import type { Transit, Vm, VmId } from '../../core/model.ts';
import { useSession, useWords } from '../page/context.ts';
import type { ConnectionModel } from '../stream/connection-model.ts';
import { useLateWords } from '../words/late-words.ts';
import { noteText, splitLongWords } from '../words/note-text.ts';
import type { ClusterModel } from './cluster-model.ts';
import { MoveProgress } from './move-progress.tsx';
import { isEndRecent, type Note, selectMovingNotes, selectNotes } from './notes.ts';

/** What there is to say of a VM that stands in a list: rendered again where that is something else, and not with each change of the VM. */
export function VmNotes({ id }: { readonly id: VmId }) {
  const { cluster, connection } = useSession();
  const known = useRef<Said | null>(null);
  const said = useComputed(() => {
    const vm = cluster.vm(id);
    const next = vm === undefined ? null : saidOf(vm, cluster, connection);
    if (!isEqualJson(known.current, next)) known.current = next;
    return known.current;
  }).value;
  if (said === null) return null;
  return (
    <>
      <Dangers vm={said} />
      {said.transit !== undefined && <MoveProgress transit={said.transit} />}
      <Lines notes={said.notes} />
    </>
  );
}

interface Said extends Pick<Vm, 'danger' | 'transit'> {
  readonly notes: readonly Note[];
}

/** Only a VM whose last move ended badly looks at the clock, and only one that cannot move at its host. */
function saidOf(vm: Vm, { host }: Pick<ClusterModel, 'host'>, { now }: Pick<ConnectionModel, 'now'>): Said {
  const { danger, transit, lastMigration, migratable } = vm;
  const notes = selectNotes(vm, {
    isEndRecent: lastMigration !== undefined && lastMigration.outcome !== 'succeeded' && isEndRecent(vm, now.value),
    isHostEmptied: !migratable.ok && vm.host !== null && host(vm.host)?.drain !== undefined,
  });
  return { ...(danger !== undefined && { danger }), ...(transit !== undefined && { transit }), notes };
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

function Dangers({ vm: { danger = [] } }: { readonly vm: Pick<Vm, 'danger'> }) {
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
