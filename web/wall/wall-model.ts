/** Lays a wall out so that it fits, and goes through its pages. A shell over the layout; wall-fit.ts and wall-pages.ts decide. */
import { type ReadonlySignal, signal } from '@preact/signals';
import { watchBoard } from '../board/board-watch.ts';
import { canBeWhole, type Fitted, isRefitDue, leastScale, selectFit } from './wall-fit.ts';
import { countPages, nextPageTop, type PageWindow, type Shown, type Span, shownCards } from './wall-pages.ts';

/** What a page is cut between: cards, and rows of tables. */
const CARDS = '.hosts > .host, .unplaced, .cluster-card, .group-card, main tbody > tr';
const CARDS_OF = { hosts: '.hosts > .host', clusters: '.cluster-card' } as const;
/** What is still to be drawn says so (rendering/rest.tsx). */
const TO_COME = '[data-rest]';
/** Some room is left, so that a VM that sets out does not make all the others smaller. */
const FULL_AT = 0.95;

export interface WallModel {
  /** Null where all of them are, or another picture is shown. */
  readonly shown: ReadonlySignal<Shown | null>;
  /** Shows the next page; false, and back at the first one, where the last was shown. */
  turnPage(): boolean;
  /** Answers how to stop. */
  start(): () => void;
}

/** What there is to show, read when it is asked for. */
export interface WallContent {
  isThere(): boolean;
  vms(): number;
  readonly of: Shown['of'];
  /** How many hosts or clusters there are to be shown. */
  all(): number;
}

/** `now`: a steady clock, in milliseconds. */
export function createWallModel(content: WallContent, now: () => number): WallModel {
  const painted = signal<Shown | null>(null);
  const root = document.documentElement;
  let main: HTMLElement | null = null;
  let fitted: Fitted | null = null;
  let stopWaiting: (() => void) | null = null;

  const layOut = (scale: number, columnRem: number): void => {
    root.style.setProperty('--wall-scale', String(scale));
    root.style.setProperty('--wall-column', `${columnRem}rem`);
  };
  /** As high as it must be: what is whole may have been given more (styles/late/wall.css). */
  function heightNow(): number {
    const { wallFit } = root.dataset;
    if (wallFit === 'whole') root.dataset.wallFit = 'measured';
    const height = (main?.getBoundingClientRect().bottom ?? 0) + scrollY;
    if (wallFit === 'whole') root.dataset.wallFit = wallFit;
    return height;
  }
  const view = () => ({ viewWidth: innerWidth, viewHeight: innerHeight, at: now() });

  const mayBeWholeNow = (): boolean => canBeWhole(content.vms(), innerWidth, innerHeight);

  /** What is out of sight is laid out too while it is measured (styles/late/wall.css), unless there is no hope. */
  function chooseFit(): void {
    const { viewWidth, viewHeight, at } = view();
    const mayBeWhole = mayBeWholeNow();
    root.dataset.wallFit = mayBeWhole ? 'measured' : 'paged';
    const chosen = selectFit(leastScale(viewWidth, viewHeight), {
      fits(scale, columnRem) {
        if (!mayBeWhole) return false;
        layOut(scale, columnRem);
        return heightNow() <= viewHeight * FULL_AT;
      },
      // What is not laid out has no height to count by.
      pages(scale, columnRem) {
        if (!mayBeWhole) return 1;
        root.dataset.wallFit = 'paged-measured';
        layOut(scale, columnRem);
        const shown = pageWindow();
        return countPages(spansOf(CARDS), { ...shown, top: shown.top - scrollY });
      },
    });
    layOut(chosen.scale, chosen.columnRem);
    root.dataset.wallFit = chosen.isWhole ? 'whole' : 'paged';
    fitted = { fit: chosen, viewWidth, viewHeight, at, height: heightNow() };
  }

  /** What stands there before the picture has another size. */
  function look(): void {
    if (!content.isThere()) return;
    // Else the type would become smaller with each slice that is drawn.
    if (document.querySelector(TO_COME) !== null && mayBeWholeNow()) {
      stopWaiting ??= watchBoard(lookOnceDrawn);
      return;
    }
    if (fitted === null || isRefitDue(fitted, { ...view(), height: heightNow() })) chooseFit();
    tellShown();
  }

  function lookOnceDrawn(): void {
    if (document.querySelector(TO_COME) !== null) return;
    stopWaiting?.();
    stopWaiting = null;
    look();
  }

  function pageWindow(): PageWindow {
    const top = (document.querySelector('.bar')?.getBoundingClientRect().bottom ?? 0) + rowGap();
    return { top: scrollY + top, height: innerHeight - top, head: headHeight() };
  }

  function tellShown(): void {
    const { of } = content;
    const shown = fitted?.fit.isWhole === false ? shownCards(spansOf(CARDS_OF[of]), pageWindow()) : null;
    const told = shown === null ? null : { ...shown, of, all: content.all() };
    if (JSON.stringify(painted.peek()) !== JSON.stringify(told)) painted.value = told;
  }

  return {
    shown: painted,
    turnPage() {
      look();
      const shown = pageWindow();
      const next = nextPageTop(spansOf(CARDS), shown);
      // From the top, with what stands above the cards.
      scrollTo({ top: next === null ? 0 : scrollY + next - shown.top, behavior: 'instant' });
      tellShown();
      return next !== null;
    },
    start() {
      main = document.querySelector('main');
      if (main === null) return () => {};
      const observer = new ResizeObserver(look);
      observer.observe(main);
      addEventListener('resize', look);
      scrollTo({ top: 0, behavior: 'instant' });
      return () => {
        observer.disconnect();
        stopWaiting?.();
        removeEventListener('resize', look);
        delete root.dataset.wallFit;
      };
    },
  };
}

/** Some of what stood above stays in sight, so that the first row is not cut off; it belongs to no page. */
const rowGap = (): number => Number.parseFloat(getComputedStyle(document.documentElement).fontSize) / 2;

/** Of the cards in sight; the others' are not asked, for they are not laid out. */
const headHeight = (): number =>
  [...document.querySelectorAll(CARDS)].reduce((most, card) => {
    const { top, bottom } = card.getBoundingClientRect();
    const head = bottom > 0 && top < innerHeight ? card.querySelector('.host-head') : null;
    return Math.max(most, head?.getBoundingClientRect().height ?? 0);
  }, 0);

const spansOf = (selector: string): Span[] =>
  [...document.querySelectorAll(selector)].map((card) => {
    const { top, bottom } = card.getBoundingClientRect();
    return { top: top + scrollY, bottom: bottom + scrollY };
  });
