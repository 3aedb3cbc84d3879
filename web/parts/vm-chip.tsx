import { useComputed } from '@preact/signals';
import type { Vm, VmId } from '../../core/model.ts';
import { needsPerson } from '../board.ts';
import { homeChipId } from '../chip-id.ts';
import { useSession, useWords } from '../context.ts';
import { isEndRecent, selectNotes } from '../notes.ts';
import { Shape } from './shape.tsx';
import { VmName } from './vm-name.tsx';
import { NoteLine } from './vm-notes.tsx';

/** A VM that stands in a list: shape, name, word, and what there is to say. */
export function VmChip({ id }: { readonly id: VmId }) {
  const { cluster, connection, selected } = useSession();
  const { words } = useWords();
  // Only a VM whose last move ended badly looks at the clock, and its chip is rendered again only when the mark fades.
  const isMarked = useComputed(() => {
    const vm = cluster.vm(id);
    return vm?.lastMigration !== undefined && vm.lastMigration.outcome !== 'succeeded' && isEndRecent(vm, connection.now.value);
  });
  const vm = cluster.vm(id);
  if (vm === undefined) return null;
  return (
    <li
      id={homeChipId(id)}
      class="chip"
      data-vm={id}
      data-state={vm.state}
      data-stage={vm.transit?.stage}
      data-attention={needsPerson(vm) ? 'true' : undefined}
    >
      <button
        type="button"
        aria-haspopup="dialog"
        onClick={() => {
          selected.value = id;
        }}
      >
        <Shape of={vm.state} />
        <span class="chip-line">
          <VmName vm={vm} />
          <span class="chip-word">{wordOf(vm)}</span>
        </span>
        {selectNotes(vm, isMarked.value).map((note, index) => (
          <NoteLine key={index} note={note} />
        ))}
      </button>
    </li>
  );

  function wordOf({ state, transit }: Vm): string {
    const isFinishing = transit?.stage === 'finishing' || transit?.stage === 'aborting';
    return isFinishing ? `${words.states[state]} · ${words.stages[transit.stage]}` : words.states[state];
  }
}
