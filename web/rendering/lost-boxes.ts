/**
 * What is in the page is seen: Chromium (156 at least) can lay out no box at all for a chip that was put elsewhere in its list while
 * `content-visibility: auto` skipped the card, which happens to the first cards of a page that has just come to the front. It is given one as
 * soon as the card is not skipped any more, by laying its list out anew.
 */

const isLost = (chip: Element): boolean => chip.getClientRects().length === 0 && getComputedStyle(chip).display !== 'none';

/** Not in a card that is folded; and a list that can be skipped by itself tells of itself: to ask for a place in it would lay it out. */
const isLaidOut = (list: Element): boolean => getComputedStyle(list).contentVisibility !== 'auto' && list.getClientRects().length > 0;

/** For the page's life. A shell. */
export function findLostBoxes(page: Document): void {
  const find = ({ target, skipped }: Event & { readonly skipped?: boolean }): void => {
    if (skipped !== false || !(target instanceof HTMLElement)) return;
    const lists = target.matches('.chips') ? [target] : [...target.querySelectorAll<HTMLElement>('.chips')].filter(isLaidOut);
    for (const list of lists) {
      if (![...list.children].some(isLost)) continue;
      list.style.display = 'block';
      list.getClientRects();
      list.style.display = '';
    }
  };
  page.addEventListener('contentvisibilityautostatechange', find, true);
}
