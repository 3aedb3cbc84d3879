import { untracked } from '@preact/signals';
import { Component, type VNode } from 'preact';
import type { Vm, VmId } from '../../core/model.ts';
import { lateParts } from '../late/late-parts-file.ts';
import { Shape } from '../parts/shape.tsx';
import type { ClusterSession } from '../stream/cluster-session.ts';
import type { Messages } from '../words/en.ts';
import { stateText } from '../words/state-text.ts';
import { chipAttributes } from './chip-attributes.ts';
import { Notes } from './note-slot.tsx';
import { VmName } from './vm-name.tsx';

export interface VmChipProps {
  readonly id: VmId;
  readonly session: ClusterSession;
  readonly words: Messages;
}

/**
 * A VM that stands in a list: shape, name, word, and what there is to say. There may be ten thousand of them, and one frame may change them all:
 * it follows no signal, and most changes are written into its element instead of being rendered (chip-patch.ts). It asks for no context, and
 * calls its parts instead of making components of them: that would take a third more time and memory.
 */
export class VmChip<Props extends VmChipProps = VmChipProps> extends Component<Props> {
  vm: Vm | undefined;
  element: Element | null | undefined;
  /** Within the element, where chip-patch.ts has looked for them: to go there through the document takes as long as to write. */
  declare shape: Element | null | undefined;
  declare text: ChildNode | null | undefined;

  readonly hold = (element: Element | null): void => {
    const { id, session } = this.props;
    const { chips } = session.cluster;
    this.element = element;
    // On its way from list to list the new one may come before the old one goes.
    if (element) chips.set(id, this);
    else if (chips.get(id) === this) chips.delete(id);
  };

  /** Within the commit that changes it. */
  show(vm: Vm): void {
    if (!lateParts.peek()?.patchChip(this, vm)) this.forceUpdate();
  }

  override shouldComponentUpdate({ words }: Props, _: unknown): boolean {
    return words !== this.props.words;
  }

  word(vm: Vm, words: Messages): string {
    const { transit } = vm;
    const state = stateText(vm, words);
    // Under way though it stands in a list: it finishes, is aborted, or comes from another cluster.
    return transit?.stage === 'finishing' || transit?.stage === 'aborting' || transit?.peer?.direction === 'in'
      ? `${state} · ${words.stages[transit.stage]}`
      : state;
  }

  override render({ id, session, words }: Props): VNode | undefined {
    const vm = untracked(() => session.cluster.vm(id));
    this.vm = vm;
    return (
      vm && (
        <li ref={this.hold} class="chip" {...chipAttributes(vm, session)}>
          <button type="button" tabIndex={-1} aria-haspopup="dialog">
            {Shape({ of: vm.state })}
            <span class="chip-line">
              {VmName({ vm })}
              <span class="chip-word">{this.word(vm, words)}</span>
            </span>
            {Notes({ vm, isMoving: false })}
          </button>
        </li>
      )
    );
  }
}
