import type { Vm, VmId } from '../../core/model.ts';
import { homeOf, needsPerson } from '../board/board.ts';
import { homeChipId } from '../board/chip-id.ts';
import { targetText } from '../board/moving-chip.tsx';
import { Notes } from '../board/note-slot.tsx';
import { VmName } from '../board/vm-name.tsx';
import { Shape } from '../parts/shape.tsx';
import type { ClusterSession } from '../stream/cluster-session.ts';
import type { Messages } from '../words/en.ts';
import { stateText } from '../words/state-text.ts';

export interface GroupChipProps {
  readonly id: VmId;
  readonly session: ClusterSession;
  readonly words: Messages;
  /** Of one that is on no host. */
  readonly noHost: string;
}

/** A VM on a card that is no host's: it stands there once, and names its host; on the way, both. */
export function GroupChip({ id, session, words, noHost }: GroupChipProps) {
  const { cluster, dimmed } = session;
  const vm = cluster.vm(id);
  if (vm === undefined) return null;
  const isMoving = homeOf(vm).lane === 'leaving';
  return (
    <li
      id={homeChipId(id)}
      class={isMoving ? 'chip moving' : 'chip'}
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
          <span class="chip-word">{wordOf(vm, words)}</span>
        </span>
        <span class="chip-place">
          {vm.host === null ? noHost : hostLabel(vm.host, session)}
          {isMoving && vm.transit !== undefined && <span class="chip-way"> {targetText(vm.transit, words)}</span>}
        </span>
        {Notes({ vm, isMoving })}
      </button>
    </li>
  );
}

const wordOf = (vm: Vm, words: Messages): string => {
  const state = stateText(vm, words);
  if (vm.transit === undefined || vm.transit.stage === 'queued') return state;
  const stage = words.stages[vm.transit.stage];
  return vm.state === 'running' ? stage : `${state} · ${stage}`;
};

/** Its custom name with its real one: targets are told by that. */
const hostLabel = (name: string, { cluster }: ClusterSession): string => {
  const displayName = cluster.host(name)?.displayName;
  return displayName === undefined || displayName === name ? name : `${displayName} (${name})`;
};
