/** Where the selected VM or host stands in the picture: it is marked there, and the focus comes back to it. A shell over the document. */

import { type Selection, standingIds } from '../details/drawer-selection.ts';
import { findTabStop } from '../settings/roving-focus.ts';
import { watchBoard } from './board-watch.ts';

const standingOf = (selection: Selection): HTMLElement[] => standingIds(selection).flatMap((id) => document.getElementById(id) ?? []);
const buttonOf = (standing: Element | undefined): HTMLButtonElement | null => standing?.querySelector('button') ?? null;

/** Other pictures than the board have no such ids, and the VM can be gone: then to what of the picture can be reached by keyboard. */
export function focusStanding(selection: Selection): void {
  const [standing] = standingOf(selection);
  const name = selection.kind === 'vm' ? `[data-vm="${CSS.escape(selection.id)}"]` : `[data-host="${CSS.escape(selection.name)}"]`;
  const target = buttonOf(standing) ?? document.querySelector<HTMLElement>(`main ${name} button`) ?? findTabStop();
  target?.focus({ preventScroll: true });
  target?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
}

/** Marks where it stands, also when that is drawn anew, and brings it into view once. Answers how to stop. */
export function markStanding(selection: Selection): () => void {
  let marked: readonly HTMLElement[] = [];
  const scrolling = new AbortController();
  const passive = { signal: scrolling.signal, passive: true };
  // Whoever scrolls has seen enough of it.
  for (const event of ['wheel', 'touchmove'] as const) addEventListener(event, () => scrolling.abort(), passive);

  const mark = (): void => {
    const standing = standingOf(selection);
    for (const each of marked) if (!standing.includes(each)) unmark(each);
    for (const each of standing) if (!marked.includes(each)) markOne(each);
    marked = standing;
    const [first] = standing;
    if (first === undefined || scrolling.signal.aborted) return;
    scrolling.abort();
    bringIntoView(first);
  };
  mark();
  const unwatch = watchBoard(mark);
  return () => {
    unwatch();
    scrolling.abort();
    for (const each of marked) unmark(each);
  };
}

/** Twice: cards that were out of view were only guessed to be as high as they are (`contain-intrinsic-size`). */
function bringIntoView(standing: HTMLElement): void {
  const show = (): void => standing.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  show();
  requestAnimationFrame(() => requestAnimationFrame(show));
}

const frameOf = (standing: HTMLElement): HTMLElement => standing.closest<HTMLElement>('.chip, .host') ?? standing;

function markOne(standing: HTMLElement): void {
  frameOf(standing).dataset.selected = 'true';
  buttonOf(standing)?.setAttribute('aria-current', 'true');
}

function unmark(standing: HTMLElement): void {
  delete frameOf(standing).dataset.selected;
  buttonOf(standing)?.removeAttribute('aria-current');
}
