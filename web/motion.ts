/**
 * VMs travel between cards: FLIP with the Web Animations API (first and last place measured around the commit).
 * What travels is a copy above the board, because a card clips what it contains (`content-visibility` implies paint containment);
 * the chip itself is in its new list from the first moment, only not yet opaque.
 */
import type { HostName, Vm, VmId } from '../core/model.ts';
import { homeOf } from './board.ts';
import { homeChipId } from './chip-id.ts';
import type { Changes } from './frame.ts';

const MOVED_AT_ONCE_COUNT = 20;
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
    moves.push({ id, from: from.host, isToOtherHost: from.host !== to.host });
  }
  return moves;
}

/** The moves that are shown travelling; the rest jump, with a flash. Moves between hosts come first. */
export function selectTravellers(moves: readonly Move[]): { travel: readonly Move[]; jump: readonly Move[] } {
  const sorted = [...moves].sort((a, b) => Number(b.isToOtherHost) - Number(a.isToOtherHost));
  return { travel: sorted.slice(0, MOVED_AT_ONCE_COUNT), jump: sorted.slice(MOVED_AT_ONCE_COUNT) };
}

/** Runs the commit, and shows its moves. Nothing is animated that nobody sees. */
export function animateMoves(moves: readonly Move[], commit: () => void): void {
  if (moves.length === 0 || document.visibilityState === 'hidden') {
    commit();
    return;
  }
  const isStill = matchMedia('(prefers-reduced-motion: reduce)').matches;
  const { travel, jump } = isStill ? { travel: [], jump: moves } : selectTravellers(moves);
  const firsts = travel.map(({ id }) => document.getElementById(homeChipId(id))?.getBoundingClientRect());
  commit();
  const lasts = travel.map(({ id }) => document.getElementById(homeChipId(id)));
  const places = lasts.map((chip) => chip?.getBoundingClientRect());
  travel.forEach((_, index) => {
    const [first, chip, last] = [firsts[index], lasts[index], places[index]];
    if (first !== undefined && chip != null && last !== undefined) fly(chip, first, last);
  });
  for (const move of jump.slice(0, MOVED_AT_ONCE_COUNT * 10)) {
    const chip = document.getElementById(homeChipId(move.id));
    if (chip === null) continue;
    flash(chip, isStill ? STILL_FLASH_MS : FLASH_MS);
    if (isStill && move.isToOtherHost && move.from !== null) tellOrigin(chip, move.from);
  }
}

function fly(chip: HTMLElement, first: DOMRect, last: DOMRect): void {
  const layer = document.getElementById('flyers');
  if (layer === null) {
    flash(chip, FLASH_MS);
    return;
  }
  const origin = layer.getBoundingClientRect();
  const copy = chip.cloneNode(true) as HTMLElement;
  copy.removeAttribute('id');
  copy.removeAttribute('data-vm');
  copy.classList.add('flyer');
  copy.style.width = `${last.width}px`;
  copy.style.left = `${last.left - origin.left}px`;
  copy.style.top = `${last.top - origin.top}px`;
  layer.append(copy);
  const from = `translate(${first.left - last.left}px, ${first.top - last.top}px)`;
  chip.animate([{ opacity: 0.15 }, { opacity: 0.15 }], TRAVEL_MS);
  const flight = copy.animate([{ transform: from }, { transform: 'none' }], { duration: TRAVEL_MS, easing: EASING });
  flight.onfinish = flight.oncancel = () => {
    copy.remove();
    flash(chip, FLASH_MS);
  };
}

function flash(chip: HTMLElement, duration: number): void {
  chip.animate([{ outlineColor: 'var(--move)' }, { outlineColor: 'var(--move)', offset: 0.6 }, { outlineColor: 'transparent' }], {
    duration,
  });
}

/** The words instead of the travel; styles/chip.css writes them over the chip's state word. */
function tellOrigin(chip: HTMLElement, from: string): void {
  chip.dataset.movedFrom = `← ${from}`;
  setTimeout(() => delete chip.dataset.movedFrom, STILL_FLASH_MS);
}
