import { causeOf, type Transit, type VmId } from '../../core/model.ts';
import { useSession, useWords } from '../page/context.ts';
import { Elapsed } from '../parts/elapsed.tsx';
import { Shape } from '../parts/shape.tsx';
import type { Messages } from '../words/en.ts';
import { stateText } from '../words/state-text.ts';
import { targetText } from '../words/target-text.ts';
import { chipAttributes } from './chip-attributes.ts';
import { Notes } from './note-slot.tsx';
import { VmName } from './vm-name.tsx';

export interface MovingChipProps {
  readonly id: VmId;
  /** The twin at the target; else the chip at the source, where the VM still runs. */
  readonly isArriving: boolean;
}

/** A VM on its way: where to or where from, how far, for how long, and why. */
export function MovingChip({ id, isArriving }: MovingChipProps) {
  const session = useSession();
  const { words } = useWords();
  const vm = session.cluster.vm(id);
  if (vm?.transit === undefined) return null;
  const { transit } = vm;
  return (
    <li class="chip moving" {...chipAttributes(vm, session, isArriving)}>
      <button type="button" tabIndex={-1} aria-haspopup="dialog">
        {Shape({ of: vm.state })}
        {VmName({ vm })}
        <span class="chip-line">
          <span class="chip-way">{isArriving ? sourceText(transit, words) : targetText(transit, words)}</span>
          <Elapsed since={transit.startedAt} />
        </span>
        <span class="chip-stage">
          {vm.state !== 'running' && `${stateText(vm, words)} · `}
          {words.stages[transit.stage]}
          {` · ${words.causes[causeOf(transit).cause]}`}
        </span>
        {!isArriving && Notes({ vm, isMoving: true })}
      </button>
    </li>
  );
}

const sourceText = ({ from }: Transit, words: Messages): string => (from === null ? words.sourceUnknown : words.fromSource(from));
