/**
 * One tab stop for the whole board (WAI-ARIA's roving tabindex): of all VMs and hosts one can be reached by Tab, and arrows lead on from it.
 * They are drawn with `tabindex="-1"`, so that only the one that is reached is ever written to, however many there are. A shell over the
 * document; where to go is decided in roving.ts.
 */
import type { VmId } from '../../core/model.ts';
import { arrivingChipId, homeChipId } from '../board/chip-id.ts';
import type { Direction } from './keys.ts';
import { addLetter, findTyped, NOTHING_TYPED, nearestBox, nextBox } from './roving.ts';

export interface RovingFocus {
  /** Each answers whether it went anywhere. */
  move(direction: Direction): boolean;
  toEdge(edge: 'first' | 'last', of: 'host' | 'board'): boolean;
  toHost(step: 1 | -1): boolean;
  type(letter: string): boolean;
  /** Gives the focus back to the page. */
  leave(): boolean;
  /** After elements have come or gone: the tab stop stays with its VM, wherever that is drawn now, and so does the focus. */
  repair(): void;
  close(): void;
}

/** What a card does not show that is folded. */
export const FOLDED = '[data-folding="head"] *, [data-folding="list"] > .lane *';
/** The same, or what a search hides. */
const HIDDEN = `[data-filter="hide"] [data-dimmed]:not(.drain-lists *), ${FOLDED}`;
/** What takes part; the copies that fly during a move do not. */
const STOPS = `.board :is(.chip:not(.flyer, ${HIDDEN}), h2) > button[tabindex]`;
/** The same where nothing is hidden, which is found four times as fast among ten thousand. */
const CANDIDATES = '.board button[tabindex]:not(.flyer > *)';
const IS_HIDING = '[data-filter="hide"], [data-folding]';
/** The one that Tab reaches. */
export const findTabStop = (): HTMLElement | null => document.querySelector<HTMLElement>(`${STOPS}[tabindex="0"]`);
export const isStop = (target: Element): boolean => target.closest(STOPS) !== null;

function stopsIn(root: ParentNode): HTMLElement[] {
  const candidates = [...root.querySelectorAll<HTMLElement>(CANDIDATES)];
  return document.querySelector(IS_HIDING) === null ? candidates : candidates.filter(isStop);
}
const cardOf = (stop: Element): Element | null => stop.closest('section');
const boxOf = (element: Element): DOMRect => element.getBoundingClientRect();

/** Where a stop stood, for when it is drawn anew. */
interface Standing {
  readonly id: string;
  readonly vm: VmId | undefined;
  readonly heading: string | null;
}

/** `nameOf`: a VM's name as it is shown. */
export function createRovingFocus(nameOf: (id: VmId) => string): RovingFocus {
  const closing = new AbortController();
  let stop: HTMLElement | null = null;
  let standing: Standing = { id: '', vm: undefined, heading: null };
  let isFocused = false;
  let typed = NOTHING_TYPED;

  function makeStop(next: HTMLElement): void {
    if (stop !== null && stop !== next) stop.tabIndex = -1;
    next.tabIndex = 0;
    stop = next;
    const { parentElement } = next;
    standing = {
      id: parentElement?.id ?? '',
      vm: parentElement?.dataset.vm,
      heading: cardOf(next)?.getAttribute('aria-labelledby') ?? null,
    };
  }

  function focus(next: HTMLElement | null | undefined): boolean {
    if (next == null) return false;
    next.focus({ preventScroll: true });
    next.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    return true;
  }

  const focused = (): HTMLElement | null =>
    document.activeElement instanceof HTMLElement && isStop(document.activeElement) ? document.activeElement : null;

  /** The VM's own chip, its twin, the head of the card in which it stood, or whatever is first. */
  function findStop(): HTMLElement | null {
    const ids = standing.vm === undefined ? [standing.id] : [homeChipId(standing.vm), arrivingChipId(standing.vm)];
    for (const id of [...ids, standing.heading ?? '']) {
      const found = document.getElementById(id)?.querySelector<HTMLElement>('button[tabindex]');
      if (found != null && isStop(found)) return found;
    }
    return document.querySelector<HTMLElement>(STOPS);
  }

  function repair(): void {
    if (stop?.isConnected === true && isStop(stop)) return;
    const next = findStop();
    if (next === null) {
      // It is hidden, and another one may be the stop once it is shown again.
      if (stop !== null) stop.tabIndex = -1;
      stop = null;
      return;
    }
    makeStop(next);
    // Where the page lies is left alone: the VM went, the reader did not.
    if (isFocused && document.activeElement === document.body) next.focus({ preventScroll: true });
  }

  document.addEventListener(
    'focusin',
    ({ target }) => {
      isFocused = target instanceof HTMLElement && isStop(target);
      if (isFocused) makeStop(target as HTMLElement);
    },
    { signal: closing.signal },
  );
  document.addEventListener(
    'focusout',
    ({ target }) => {
      // An element that is taken away loses the focus too, without anybody wanting to leave: which of both it was, is seen afterwards.
      queueMicrotask(() => {
        if (target === stop && stop?.isConnected === true && document.activeElement !== stop) isFocused = false;
      });
    },
    { signal: closing.signal },
  );
  repair();

  return {
    repair,
    move(direction) {
      const from = focused();
      const card = from && cardOf(from);
      if (from === null || card === null) return false;
      const own = stopsIn(card);
      const near = nextBox(boxOf(from), own.map(boxOf), direction);
      if (near !== null) return focus(own[near]);
      const cards = allCards().filter((each) => each !== card);
      const next = nextBox(boxOf(card), cards.map(boxOf), direction);
      if (next !== null) {
        const stops = stopsIn(cards[next] ?? card);
        const boxes = stops.map(boxOf);
        return focus(stops[nextBox(boxOf(from), boxes, direction) ?? nearestBox(boxOf(from), boxes) ?? 0]);
      }
      if (direction === 'up' || direction === 'down') return false;
      // At the end of a row of cards it goes on as the eye does.
      const all = stopsIn(document);
      return focus(all[all.indexOf(from) + (direction === 'right' ? 1 : -1)]);
    },
    toEdge(edge, of) {
      const from = focused();
      const root = of === 'board' ? document : from && cardOf(from);
      return root != null && focus(stopsIn(root).at(edge === 'first' ? 0 : -1));
    },
    toHost(step) {
      const from = focused();
      const card = from && cardOf(from);
      if (card === null) return false;
      const cards = allCards();
      const next = cards[cards.indexOf(card) + step];
      return next !== undefined && focus(next.querySelector<HTMLElement>(STOPS));
    },
    type(letter) {
      const all = stopsIn(document);
      const from = focused();
      typed = addLetter(typed, letter, performance.now());
      const names = all.map(({ parentElement, textContent }) => {
        // Not `dataset`, which makes an object of each element: of ten thousand that is felt.
        const vm = parentElement?.getAttribute('data-vm') ?? null;
        return vm === null ? textContent : nameOf(vm);
      });
      const found = findTyped(names, from === null ? -1 : all.indexOf(from), typed);
      return found !== null && focus(all[found]);
    },
    leave() {
      const from = focused();
      from?.blur();
      return from !== null;
    },
    close() {
      closing.abort();
      // Whoever comes next finds its own.
      if (stop !== null) stop.tabIndex = -1;
    },
  };
}

const allCards = (): Element[] => [...document.querySelectorAll('.board section')].filter((card) => card.querySelector(STOPS) !== null);
