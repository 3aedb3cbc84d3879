/**
 * VMs travel between cards: FLIP with the Web Animations API (first and last place measured around the commit).
 * What travels is a copy above the board, because a card clips what it contains (`content-visibility` implies paint containment);
 * the chip itself is in its new list from the first moment, only not yet opaque.
 */
import type { HostName, Vm, VmId } from '../../core/model.ts';
import { homeChipId } from '../board/chip-id.ts';
import { type ChipPlace, readChipPlaces } from '../board/chip-places.ts';
import { homeOf } from '../board/home.ts';
import type { Changes } from '../rendering/frame.ts';
import { isMotionReduced } from '../settings/late-settings-model.ts';
import type { Box } from './trail-geometry.ts';

const MOVED_AT_ONCE_COUNT = 20;
/** Of so many it is looked where they stand, before and after. */
const LOOKED_AT_COUNT = 500;
const TRAVEL_MS = 450;
const FLASH_MS = 700;
/** Without travel the outline has to stand long enough to be found. */
const STILL_FLASH_MS = 1_500;
const EASING = 'cubic-bezier(0.3, 0, 0.15, 1)';

/** A VM whose home changes with a commit. */
export interface Move {
  readonly id: VmId;
  /** The host it leaves; null where it has none. */
  readonly from: HostName | null;
  readonly to: HostName | null;
  readonly isToOtherHost: boolean;
}

/** What a commit of these changes will move; `paintedVm` looks into the picture before it. */
export function movesOf(changes: Changes, paintedVm: (id: VmId) => Vm | undefined): Move[] {
  if (changes.isReplaced) return [];
  const moves: Move[] = [];
  for (const id of changes.vms) {
    const before = paintedVm(id);
    const after = changes.state.vms.get(id);
    if (before === undefined || after === undefined) continue;
    const from = homeOf(before);
    const to = homeOf(after);
    if (from.lane === to.lane && from.host === to.host) continue;
    moves.push({ id, from: from.host, to: to.host, isToOtherHost: from.host !== to.host });
  }
  return moves;
}

/** The moves that are shown travelling; the rest jump, with a flash. Moves between hosts come first. */
export function selectTravellers<Each extends Move>(moves: readonly Each[]): { travel: readonly Each[]; jump: readonly Each[] } {
  const sorted = [...moves].sort((a, b) => Number(b.isToOtherHost) - Number(a.isToOtherHost));
  return { travel: sorted.slice(0, MOVED_AT_ONCE_COUNT), jump: sorted.slice(MOVED_AT_ONCE_COUNT) };
}

/** Runs the commit, and shows its moves. Nothing is animated that nobody sees. */
export function animateMoves(moves: readonly Move[], commit: () => void): void {
  if (moves.length === 0 || document.visibilityState === 'hidden') {
    commit();
    return;
  }
  const isStill = isMotionReduced();
  const placeBefore = readChipPlaces();
  const begun = moves.slice(0, LOOKED_AT_COUNT).map((move) => ({ ...move, first: placeBefore(move.from, homeChipId(move.id)) }));
  commit();
  const placeAfter = readChipPlaces();
  const seen = begun.flatMap((move) => {
    const last = placeAfter(move.to, homeChipId(move.id));
    return last !== null && (last.isSeen || move.first?.isSeen === true) ? [{ ...move, last }] : [];
  });
  const { travel, jump } = isStill ? { travel: [], jump: seen } : selectTravellers(seen);
  const layer = document.getElementById('flyers');
  const origin = layer?.getBoundingClientRect();
  const lit: HTMLElement[] = [];
  for (const { first, last } of travel) {
    const chip = last.chip();
    if (chip === null) continue;
    if (first !== null && layer !== null && origin !== undefined) fly({ chip, layer, origin }, first, last);
    else lit.push(chip);
  }
  for (const { from, isToOtherHost, last } of jump) {
    const chip = last.isSeen ? last.chip() : null;
    if (chip === null) continue;
    lit.push(chip);
    if (isStill && isToOtherHost && from !== null) tellOrigin(chip, from);
  }
  light(lit, isStill ? STILL_FLASH_MS : FLASH_MS);
}

interface Flight {
  readonly chip: HTMLElement;
  readonly layer: HTMLElement;
  /** The layer's own place. */
  readonly origin: Box;
}

function fly({ chip, layer, origin }: Flight, { box: first }: ChipPlace, { box: last, isSeen }: ChipPlace): void {
  const copy = chip.cloneNode(true) as HTMLElement;
  copy.removeAttribute('id');
  copy.removeAttribute('data-vm');
  copy.classList.add('flyer');
  // What is learnt of the VM meanwhile it says, too: else a trail would lead to a host that the copy does not know of.
  const follower = new MutationObserver(() => copy.replaceChildren(...chip.cloneNode(true).childNodes));
  // A card that is out of sight tells only where the way leads.
  const sized = isSeen ? last : first;
  copy.style.width = `${sized.right - sized.left}px`;
  copy.style.left = `${last.left - origin.left}px`;
  copy.style.top = `${last.top - origin.top}px`;
  layer.append(copy);
  const from = `translate(${first.left - last.left}px, ${first.top - last.top}px)`;
  if (isSeen) chip.animate([{ opacity: 0.15 }, { opacity: 0.15 }], TRAVEL_MS);
  const flight = copy.animate([{ transform: from }, { transform: 'none' }], { duration: TRAVEL_MS, easing: EASING });
  follower.observe(chip, { subtree: true, childList: true, characterData: true });
  flight.onfinish = flight.oncancel = () => {
    follower.disconnect();
    copy.remove();
    if (isSeen) flash(chip, FLASH_MS);
  };
}

function flash(chip: HTMLElement, duration: number): void {
  chip.animate([{ outlineColor: 'var(--move)' }, { outlineColor: 'var(--move)', offset: 0.6 }, { outlineColor: 'transparent' }], {
    duration,
  });
}

/** Hundreds at once do not fade: an animation of each would cost every frame as much as the travels. */
function light(chips: readonly HTMLElement[], lengthMs: number): void {
  for (const chip of chips) chip.dataset.lit = 'true';
  setTimeout(() => {
    for (const chip of chips) delete chip.dataset.lit;
  }, lengthMs);
}

/** The words instead of the travel; styles/chip.css writes them over the chip's state word. */
function tellOrigin(chip: HTMLElement, from: string): void {
  chip.dataset.movedFrom = `← ${from}`;
  setTimeout(() => delete chip.dataset.movedFrom, STILL_FLASH_MS);
}
