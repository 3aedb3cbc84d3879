/**
 * What most changes of a VM change about its chip, written into its element by hand: a tenth of what rendering it costs, and it may be ten
 * thousand chips in one frame. All of it is written even where the chip is rendered afterwards: what was rendered last may be older than what
 * is written there, and rendering changes only what differs from that.
 */
import type { Vm } from '../../core/model.ts';
import { needsPerson } from './board.ts';
import { hasNotes } from './note-slot.tsx';
import type { VmChip } from './vm-chip.tsx';

/** Answers whether the chip shows the VM now; else it has to be rendered. */
export function patchChip(chip: VmChip, vm: Vm): boolean {
  const { element, vm: before } = chip;
  if (element == null || before === undefined) return false;
  chip.vm = vm;
  // Others than before, or none: a state of a newer version has no word here, and is no text.
  if (!chip.text?.isConnected) {
    chip.shape = element.querySelector('.shape');
    chip.text = element.querySelector('.chip-word')?.firstChild;
  }
  if (before.state !== vm.state) {
    element.setAttribute('data-state', vm.state);
    chip.shape?.setAttribute('data-shape', vm.state);
  }
  if (needsPerson(before) !== needsPerson(vm)) {
    if (needsPerson(vm)) element.setAttribute('data-attention', 'true');
    else element.removeAttribute('data-attention');
  }
  const { words } = chip.props;
  const word = chip.word(vm, words);
  if (chip.text && word !== chip.word(before, words)) chip.text.nodeValue = word;
  return chip.text != null && isPatched(before, vm);
}

/** Whether two states of a VM differ in nothing but what is written by hand. */
export const isPatched = (before: Vm, after: Vm): boolean =>
  before.transit === undefined &&
  after.transit === undefined &&
  before.host === after.host &&
  before.displayName === after.displayName &&
  hasNotes(before) === hasNotes(after);
