/**
 * Where chips are on the screen, found by their host's card. Three things make that fast for hundreds at once just after a commit:
 *
 *   a card out of sight   stands for its chips: to ask for theirs would make the browser lay out what `content-visibility` lets it skip; of
 *                         other cards than hosts each list does
 *   a card in sight       is gone through once: where an element has gone and another has come with its DOM id, Chromium looks for the id in
 *                         the whole document, 0.3 ms each on a board of ten thousand VMs
 *   all in one moment     every place is read before anything is written: one layout
 */
import type { HostName } from '../../core/model.ts';
import { type Box, isTouching } from '../motion/trail-geometry.ts';

export interface ChipPlace {
  /** Its own box, or its card's where that is out of sight. */
  readonly box: Box;
  readonly card: Box;
  /** Whether a part of the box is on the screen. */
  readonly isSeen: boolean;
  /** The chip itself; null where it is out of sight and there is none. */
  chip(): HTMLElement | null;
}

interface Card {
  readonly box: Box;
  readonly isSeen: boolean;
  chip(chipId: string): HTMLElement | null;
}

/**
 * Good for one moment. Answers null for a chip that is not drawn, or that a search hides. `onCard` is told of each card in sight that is gone
 * through.
 */
export function readChipPlaces(onCard?: (card: Element) => void): (host: HostName | null, chipId: string) => ChipPlace | null {
  const view = { left: 0, top: 0, right: innerWidth, bottom: innerHeight };
  const cards = new Map<Element, Card>();

  function cardOf(element: Element): Card {
    const known = cards.get(element);
    if (known !== undefined) return known;
    const box = element.getBoundingClientRect();
    let chips: ReadonlyMap<string, HTMLElement> | null = null;
    const card: Card = {
      box,
      isSeen: isTouching(box, view),
      chip(chipId) {
        chips ??= new Map([...element.querySelectorAll<HTMLElement>('[data-vm]')].map((chip) => [chip.id, chip]));
        return chips.get(chipId) ?? null;
      },
    };
    cards.set(element, card);
    if (card.isSeen) onCard?.(element);
    return card;
  }

  return (host, chipId) => {
    const heading = document.getElementById(host === null ? 'unplaced' : `host/${host}`);
    // Where it stands in no card, it is a picture whose cards are no hosts. They may be higher than the screen: there, lists are skipped.
    const element = heading?.closest('.panel') ?? document.getElementById(chipId)?.closest('.chips, .panel');
    if (element == null) return null;
    const { box, isSeen, chip: find } = cardOf(element);
    if (!isSeen) return { box, card: box, isSeen, chip: () => find(chipId) };
    const chip = find(chipId);
    const own = chip?.getBoundingClientRect();
    return own === undefined || own.width === 0 ? null : { box: own, card: box, isSeen: isTouching(own, view), chip: () => chip };
  };
}
