/** Where the selected VM or host stands in the picture: it is marked there, and the focus comes back to it. A shell over the document. */

import { type Selection, standingIds } from '../details/drawer-selection.ts';
import { findTabStop } from '../settings/roving-focus.ts';
import { watchBoard } from './board-watch.ts';
import { PURSUIT, type Pursuit, pursue } from './pursuit.ts';

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
  let isSought = false;
  const seeking = new AbortController();
  const passive = { signal: seeking.signal, passive: true };
  // Whoever does something has seen enough of it, or is to be left where they are.
  for (const event of ['wheel', 'touchmove', 'pointerdown', 'keydown'] as const) addEventListener(event, () => seeking.abort(), passive);

  const mark = (): void => {
    const standing = standingOf(selection);
    for (const each of marked) if (!standing.includes(each)) unmark(each);
    for (const each of standing) if (!marked.includes(each)) markOne(each);
    marked = standing;
    if (isSought || standing.length === 0) return;
    isSought = true;
    bringIntoView(() => marked[0], seeking.signal);
  };
  mark();
  const unwatch = watchBoard(mark);
  return () => {
    unwatch();
    seeking.abort();
    for (const each of marked) unmark(each);
  };
}

/** Scrolls to it with each frame until it stays there (pursuit.ts). */
function bringIntoView(find: () => HTMLElement | undefined, signal: AbortSignal): void {
  let pursuit: Pursuit | null = PURSUIT;
  const step = (): void => {
    if (signal.aborted || pursuit === null) return;
    const standing = find();
    // Before it is scrolled to: that lays it out for itself alone.
    pursuit = pursue(pursuit, topOf(standing), document.querySelector('[data-rest]') !== null);
    standing?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    requestAnimationFrame(step);
  };
  step();
}

/** Null also while its card, or its own contents, are not laid out: the browser learns frames later that they have come into view. */
function topOf(standing: HTMLElement | undefined): number | null {
  const contents = buttonOf(standing) ?? standing;
  return contents !== undefined && isLaidOut(contents) ? contents.getBoundingClientRect().top : null;
}

/** A browser that cannot tell (Safari before 17.4) skips nothing. */
const isLaidOut = (element: HTMLElement): boolean =>
  !('checkVisibility' in element) || element.checkVisibility({ contentVisibilityAuto: true });

const frameOf = (standing: HTMLElement): HTMLElement => standing.closest<HTMLElement>('.chip, .host') ?? standing;

function markOne(standing: HTMLElement): void {
  frameOf(standing).dataset.selected = 'true';
  buttonOf(standing)?.setAttribute('aria-current', 'true');
}

function unmark(standing: HTMLElement): void {
  delete frameOf(standing).dataset.selected;
  buttonOf(standing)?.removeAttribute('aria-current');
}
