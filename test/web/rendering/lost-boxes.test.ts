import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { findLostBoxes } from '../../../web/rendering/lost-boxes.ts';

/** As much of an element as is looked at. */
class FakeElement extends EventTarget {
  readonly style = { display: '' };
  readonly displays: string[] = [];
  readonly children: readonly FakeElement[];
  readonly boxes: number;
  readonly display: string;
  readonly selector: string;
  contentVisibility = 'visible';
  asked = 0;
  constructor(children: readonly FakeElement[], boxes: number, display = 'grid', selector = '') {
    super();
    this.children = children;
    this.boxes = boxes;
    this.display = display;
    this.selector = selector;
  }
  getClientRects(): readonly unknown[] {
    this.asked += 1;
    if (this.style.display !== '') this.displays.push(this.style.display);
    return Array.from({ length: this.boxes });
  }
  matches(selector: string): boolean {
    return this.selector === selector;
  }
  querySelectorAll(selector: string): readonly FakeElement[] {
    return this.children.filter((child) => child.matches(selector));
  }
}

const chip = (boxes: number, display?: string): FakeElement => new FakeElement([], boxes, display);
const listOf = (chips: readonly FakeElement[]): FakeElement => new FakeElement(chips, 1, 'grid', '.chips');

let page: EventTarget;

/** The event arrives at the document, as it does in its capture. */
function tell(target: FakeElement, skipped: boolean): void {
  const event = Object.assign(new Event('contentvisibilityautostatechange'), { skipped });
  Object.defineProperty(event, 'target', { value: target });
  page.dispatchEvent(event);
}

beforeEach(() => {
  vi.stubGlobal('HTMLElement', FakeElement);
  vi.stubGlobal('getComputedStyle', ({ display, contentVisibility }: FakeElement) => ({ display, contentVisibility }));
  page = new EventTarget();
  findLostBoxes(page as Document);
});
afterEach(() => vi.unstubAllGlobals());

it('a list is laid out anew in which a chip has no box, once its card is seen', () => {
  const list = listOf([chip(1), chip(0)]);
  const card = new FakeElement([list], 1);
  tell(card, true);
  expect(list.displays).toEqual([]);
  tell(card, false);
  expect([list.displays, list.style.display]).toEqual([['block'], '']);
  // A list can be skipped by itself.
  tell(list, false);
  expect(list.displays).toEqual(['block', 'block']);
});

it.each([
  ['all are seen', listOf([chip(1), chip(1)])],
  ['a search hides one', listOf([chip(1), chip(0, 'none')])],
])('not where %s', (_, list) => {
  tell(new FakeElement([list], 1), false);
  expect(list.displays).toEqual([]);
});

it('a list of a card that can be skipped by itself is not asked before it tells', () => {
  const lost = chip(0);
  const list = listOf([lost]);
  list.contentVisibility = 'auto';
  tell(new FakeElement([list], 1), false);
  expect([lost.asked, list.displays]).toEqual([0, []]);
  tell(list, false);
  expect(list.displays).toEqual(['block']);
});

it('nor is one of a card that is folded', () => {
  const lost = chip(0);
  const list = new FakeElement([lost], 0, 'grid', '.chips');
  tell(new FakeElement([list], 1), false);
  expect([lost.asked, list.displays]).toEqual([0, []]);
});
