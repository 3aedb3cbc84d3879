import { untracked } from '@preact/signals';
import type { VNode } from 'preact';
import type { Vm } from '../../core/model.ts';
import { chipAttributes } from '../board/chip-attributes.ts';
import { homeOf } from '../board/home.ts';
import { Notes } from '../board/note-slot.tsx';
import { VmChip, type VmChipProps } from '../board/vm-chip.tsx';
import { VmName } from '../board/vm-name.tsx';
import { Shape } from '../parts/shape.tsx';
import type { ClusterSession } from '../stream/cluster-session.ts';
import type { Messages } from '../words/en.ts';
import { stateText } from '../words/state-text.ts';
import { targetText } from '../words/target-text.ts';

export interface GroupChipProps extends VmChipProps {
  /** Of one that is on no host. */
  readonly noHost: string;
}

/** A VM on a card that is no host's: it stands there once, and names its host; on the way, both. */
export class GroupChip extends VmChip<GroupChipProps> {
  /** The name of its host it follows itself. */
  override shouldComponentUpdate(next: GroupChipProps, state: unknown): boolean {
    return super.shouldComponentUpdate(next, state) || next.noHost !== this.props.noHost || state !== this.state;
  }

  override word(vm: Vm, words: Messages): string {
    const state = stateText(vm, words);
    if (vm.transit === undefined || vm.transit.stage === 'queued') return state;
    const stage = words.stages[vm.transit.stage];
    return vm.state === 'running' ? stage : `${state} · ${stage}`;
  }

  override render({ id, session, words, noHost }: GroupChipProps): VNode | undefined {
    const vm = untracked(() => session.cluster.vm(id));
    this.vm = vm;
    if (vm === undefined) return undefined;
    const isMoving = homeOf(vm).lane === 'leaving';
    return (
      <li ref={this.hold} class={isMoving ? 'chip moving' : 'chip'} {...chipAttributes(vm, session)}>
        <button type="button" tabIndex={-1} aria-haspopup="dialog">
          {Shape({ of: vm.state })}
          <span class="chip-line">
            {VmName({ vm })}
            <span class="chip-word">{this.word(vm, words)}</span>
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
}

/** Its custom name with its real one: targets are told by that. */
const hostLabel = (name: string, { cluster }: ClusterSession): string => {
  const displayName = cluster.host(name)?.displayName;
  return displayName === undefined || displayName === name ? name : `${displayName} (${name})`;
};
