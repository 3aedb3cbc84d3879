/** A host's capacity in words: pure, so that a table can hold it to them. */

import type { LateMessages } from '../words/en-late.ts';
import type { Formats } from '../words/format.ts';
import { percentText } from '../words/late-format.ts';
import { memoryText } from '../words/memory-text.ts';
import { type Capacity, shareOfAllocatable } from './capacity.ts';

export interface CapacityText {
  /** What its VMs have of what is allocatable. */
  readonly head: string;
  /** There is more than is allocatable. */
  readonly isOver: boolean;
  /** What comes, and what is not known. */
  readonly lines: readonly string[];
}

export function capacityText(capacity: Capacity, of: 'cpu' | 'memory', words: LateMessages['capacity'], formats: Formats): CapacityText {
  const { allocatable, here, arriving } = capacity;
  const share = shareOfAllocatable(capacity);
  const kind = words[of];
  const amount = (sum: number): string => (of === 'cpu' ? formats.number(sum) : memoryText(sum, formats));
  const given = kind.given(amount(here.sum));
  const sums = allocatable === null ? `${given} · ${words.allocatableUnknown}` : kind.of(given, amount(allocatable));
  const parts = [here.unknown > 0 ? words.atLeast(sums) : sums];
  if (share !== null) parts.push(percentText(roundShare(share), formats));
  const isOver = allocatable !== null && here.sum > allocatable;
  return {
    head: parts.join(' · '),
    isOver,
    lines: [
      ...(isOver ? [kind.over] : []),
      ...(here.unknown > 0 ? [words.unknown(here.unknown)] : []),
      ...(arriving.sum > 0 ? [words.arriving(kind.given(amount(arriving.sum)))] : []),
      ...(arriving.unknown > 0 ? [words.arrivingUnknown(arriving.unknown)] : []),
    ],
  };
}

/** To whole percents, and never onto the limit from either side of it. */
function roundShare(share: number): number {
  const rounded = Math.round(100 * share) / 100;
  if (rounded !== 1 || share === 1) return rounded;
  return share > 1 ? 1.01 : 0.99;
}
