import type { Transit, Vm, VmId } from '../../core/model.ts';
import { Shape } from '../parts/shape.tsx';
import type { ClusterSession } from '../stream/cluster-session.ts';
import type { Messages } from '../words/en.ts';
import { stateText } from '../words/state-text.ts';
import { needsPerson } from './board.ts';
import { homeChipId } from './chip-id.ts';
import { Notes } from './note-slot.tsx';
import { VmName } from './vm-name.tsx';

export interface VmChipProps {
  readonly id: VmId;
  readonly session: ClusterSession;
  readonly words: Messages;
}

/**
 * A VM that stands in a list: shape, name, word, and what there is to say. There may be ten thousand of them, so it asks for no context, and
 * calls its parts instead of making components of them: that would take a third more time and memory.
 */
export function VmChip({ id, session, words }: VmChipProps) {
  const { cluster, dimmed } = session;
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
      data-dimmed={dimmed.has(id) || undefined}
    >
      <button type="button" tabIndex={-1} aria-haspopup="dialog">
        {Shape({ of: vm.state })}
        <span class="chip-line">
          {VmName({ vm })}
          <span class="chip-word">
            {stateText(vm, words)}
            {isUnderWay(vm) && ` · ${words.stages[vm.transit.stage]}`}
          </span>
        </span>
        {Notes({ vm, isMoving: false })}
      </button>
    </li>
  );
}

/** Under way though it stands in a list: it finishes, is aborted, or comes from another cluster. */
const isUnderWay = (vm: Vm): vm is Vm & { readonly transit: Transit } =>
  vm.transit?.stage === 'finishing' || vm.transit?.stage === 'aborting' || vm.transit?.peer?.direction === 'in';
