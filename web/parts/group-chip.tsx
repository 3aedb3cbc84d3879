import type { Vm, VmId } from '../../core/model.ts';
import { homeOf, needsPerson } from '../board.ts';
import { homeChipId } from '../chip-id.ts';
import type { Messages } from '../en.ts';
import type { ClusterSession } from '../models/cluster-session.ts';
import { stateText } from '../state-text.ts';
import { targetText } from './moving-chip.tsx';
import { Notes } from './notes.tsx';
import { Shape } from './shape.tsx';
import { VmName } from './vm-name.tsx';

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
