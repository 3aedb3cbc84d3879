/**
 * What a page shows, as lines that two pages can be compared by: every element with its texts and attributes, and fields with what is in them.
 * Left out is what only the way there explains, and what the clock does.
 */
import type { Page } from 'playwright-core';

export interface PagePicture {
  readonly address: string;
  readonly cursor: string | null;
  /** Of the badge. */
  readonly connection: string | null;
  /** Nothing is on its way: no part, no slice, nobody who travels. */
  readonly isWhole: boolean;
  /** It says that its order waits. */
  readonly isHeld: boolean;
  readonly lines: readonly string[];
}

export const readPicture = (page: Page): Promise<PagePicture> => page.evaluate(read);

/** The first thing that is not the same; empty where all is. */
export function firstDifference(own: PagePicture, other: PagePicture): string {
  const told = ({ address, cursor, connection }: PagePicture): string => `${address} ${connection} ${cursor}`;
  if (told(own) !== told(other)) return `${told(own)} | ${told(other)}`;
  const index = own.lines.findIndex((line, at) => line !== other.lines[at]);
  const around = ({ lines }: PagePicture): string => lines.slice(Math.max(0, index - 3), index + 3).join('\n');
  if (index >= 0) return `${own.address}\n${around(own)}\n---\n${around(other)}`;
  return own.lines.length === other.lines.length ? '' : `${own.address}: ${other.lines.slice(own.lines.length).join('\n')}`;
}

/** Runs in the page, so it refers to nothing outside itself. */
function read(): PagePicture {
  // Of trails, only what is on the screen is drawn.
  scrollTo(0, 0);
  const HELD = '.sort-held, .table-held, .fleet-held';
  const LEFT_OUT = [
    // Who travels, what was told, menus, what is drawn by the clock, the tools of the past.
    '.flyers, .trail-label, .corner, .unseen[role], [popover], .wall-clock, .wall-exit, .moves-chart, .time-ticks, .past-dock',
    // What the page has seen itself: a drain that ended, labels that a row had.
    '.drain-none, [data-column="labels"]',
    HELD,
  ].join();
  /** The reader has opened or folded it, and no address says so. */
  const OPENED = '#history-button, .fold, .tools-button, .tools';
  const OPENINGS = ['aria-expanded', 'aria-controls', 'data-open'];
  const PASSING = ['style', 'tabindex', 'data-lit', 'data-moved-from'];

  function isTold(element: Element, name: string): boolean {
    if (PASSING.includes(name)) return false;
    // Preact empties a title that goes, and leaves out a value that the text says.
    if (name === 'title') return element.getAttribute(name) !== '';
    if (name === 'value') return element.localName !== 'option';
    if (name === 'data-folding') return element.querySelector('.fold') === null;
    return !OPENINGS.includes(name) || !element.matches(OPENED);
  }
  const lines: string[] = [];
  function visit(element: Element, depth: number): void {
    if (element.matches(LEFT_OUT)) return;
    const names = element.getAttributeNames().filter((name) => isTold(element, name));
    const attributes = names.sort().map((name) => `${name}="${element.getAttribute(name)}"`);
    if (element instanceof HTMLInputElement || element instanceof HTMLSelectElement || element instanceof HTMLOptionElement)
      attributes.push(`=${element.value}`);
    if (element instanceof HTMLInputElement && element.type === 'checkbox') attributes.push(`checked=${element.checked}`);
    const indented = `${' '.repeat(depth)}${element.localName}`;
    if (element.matches('.elapsed, time, .badge, .drawer-old')) {
      lines.push(indented);
      return;
    }
    const texts = [...element.childNodes].map((node) => (node.nodeType === Node.TEXT_NODE ? (node.nodeValue ?? '') : ''));
    lines.push([indented, ...attributes, texts.join('').replace(/\s+/g, ' ').trim()].join(' ').trimEnd());
    for (const child of element.children) visit(child, depth + 1);
  }

  const root = document.documentElement;
  lines.push(['theme', 'past', 'filter', 'drawer', 'wall'].reduce((line, key) => `${line} ${key}=${root.dataset[key]}`, root.lang));
  lines.push(`tab stops: ${document.querySelectorAll('.board :is(.chip:not(.flyer), h2) > button[tabindex="0"]').length}`);
  for (const child of document.getElementById('app')?.children ?? []) visit(child, 0);
  return {
    address: location.pathname + location.search,
    cursor: root.dataset.cursor ?? null,
    connection: document.querySelector('.badge')?.getAttribute('data-connection') ?? null,
    isWhole:
      document.querySelector('.settings-button') !== null &&
      document.querySelector('[aria-busy="true"], [data-rest], .skeleton, .flyer, .table-gap') === null,
    isHeld: [...document.querySelectorAll(HELD)].some(({ textContent }) => textContent !== ''),
    lines,
  };
}
