import type { Transit, Vm, VmId } from '../../core/model.ts';
import { needsPerson } from '../board.ts';
import { homeChipId } from '../chip-id.ts';
import { useSession, useWords } from '../context.ts';
import { stateText } from '../state-text.ts';
import { Notes } from './notes.tsx';
import { Shape } from './shape.tsx';
import { VmName } from './vm-name.tsx';

/** A VM that stands in a list: shape, name, word, and what there is to say. */
export function VmChip({ id }: { readonly id: VmId }) {
  const { arrangement, cluster } = useSession();
  const { words } = useWords();
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
      data-dimmed={arrangement.peek()?.isDimmed(id) ? 'true' : undefined}
    >
      <button type="button" aria-haspopup="dialog">
        <Shape of={vm.state} />
        <span class="chip-line">
          <VmName vm={vm} />
          <span class="chip-word">
            {stateText(vm, words)}
            {isUnderWay(vm) && ` · ${words.stages[vm.transit.stage]}`}
          </span>
        </span>
        <Notes vm={vm} isMoving={false} />
      </button>
    </li>
  );
}

/** Under way though it stands in a list: it finishes, is aborted, or comes from another cluster. */
const isUnderWay = (vm: Vm): vm is Vm & { readonly transit: Transit } =>
  vm.transit?.stage === 'finishing' || vm.transit?.stage === 'aborting' || vm.transit?.peer?.direction === 'in';
