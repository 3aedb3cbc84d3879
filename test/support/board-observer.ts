/**
 * Watches a board from inside the page: a MutationObserver that checks every commit (SPEC P1) and writes down where one VM was
 * drawn. Nothing is sampled: what was painted for one frame is seen. A board that is drawn in slices must say, wherever something is
 * still to come, how much that is: then all adds up in each slice, too.
 */
import type { Page } from 'playwright-core';

/** How one VM was drawn after a commit. */
export interface Drawn {
  /** Hosts in whose list of settled VMs it stood; more than one is a lie. */
  readonly settled: readonly string[];
  readonly leaving: readonly string[];
  readonly arriving: readonly string[];
  readonly unplaced: boolean;
  readonly state: string | null;
  readonly stage: string | null;
  /** All that its chip in the leaving lane says. */
  readonly leavingText: string | null;
}

export interface Observation {
  readonly commits: number;
  /** What was wrong after a commit; must stay empty. */
  readonly violations: readonly string[];
  /** Each different way in which the watched VM was drawn, in order. */
  readonly drawn: readonly Drawn[];
}

/** Starts observing the board that is on the page now. */
export const observeBoard = (page: Page, vm: string): Promise<void> => page.evaluate(installObserver, vm);

export const observationOf = (page: Page): Promise<Observation> =>
  page.evaluate(() => (globalThis as unknown as { hostviewObservation: Observation }).hostviewObservation);

/** Runs in the page, so it refers to nothing outside itself. */
function installObserver(watched: string): void {
  const observation = { commits: 0, violations: [] as string[], drawn: [] as Drawn[] };
  (globalThis as unknown as { hostviewObservation: Observation }).hostviewObservation = observation;

  const namesIn = (lane: string): string[] =>
    [...document.querySelectorAll(`[data-lane="${lane}"] [data-vm]`)].map((chip) => chip.getAttribute('data-vm') ?? '');
  const hostsOf = (lane: string): string[] =>
    [...document.querySelectorAll(`[data-host] [data-lane="${lane}"] [data-vm="${CSS.escape(watched)}"]`)].map(
      (chip) => chip.closest('[data-host]')?.getAttribute('data-host') ?? '',
    );
  const twice = (names: readonly string[]): string[] => {
    const seen = new Set<string>();
    return names.filter((name) => seen.has(name) || !seen.add(name));
  };

  const check = (): void => {
    const board = document.querySelector('[data-host]');
    if (board === null) return;
    observation.commits++;
    const [settled, leaving, arriving, unplaced] = ['settled', 'leaving', 'arriving', 'unplaced'].map(namesIn) as [
      string[],
      string[],
      string[],
      string[],
    ];
    const all = [...settled, ...leaving, ...unplaced];
    const say = (what: string): void => {
      if (observation.violations.length < 20) observation.violations.push(`commit ${observation.commits}: ${what}`);
    };
    const rests = [...document.querySelectorAll('[data-rest]')].filter((rest) => rest.closest('[data-lane="arriving"]') === null);
    const restIn = (within: Element | null): number =>
      rests
        .filter((rest) => within === null || within.contains(rest))
        .reduce((sum, rest) => sum + Number(rest.getAttribute('data-rest')), 0);
    const isDrawing = document.querySelector('[data-rest]') !== null;
    if (rests.some((rest) => !/\d/.test(rest.textContent ?? ''))) say('what is to come is not told');
    if (isDrawing !== (document.querySelector('.hosts[aria-busy="true"]') !== null)) say('the board is busy, or not, and does not say so');
    if (twice(all).length > 0) say(`on two lists: ${twice(all).join(', ')}`);
    if (twice(arriving).length > 0) say(`arriving twice: ${twice(arriving).join(', ')}`);
    const left = new Set(leaving);
    const strays = arriving.filter((name) => !left.has(name));
    // Its leaving chip may be in a card that is still to be drawn.
    if (strays.length > 0 && !isDrawing) say(`arriving without leaving: ${strays.join(', ')}`);
    const counted = Number(document.querySelector('[data-count="vms"]')?.textContent?.replace(/\D/g, '') ?? Number.NaN);
    const shown = all.length + restIn(null);
    if (counted !== shown) say(`the header counts ${counted} VMs, the cards show ${all.length} and ${shown - all.length} are to come`);
    if (!all.includes(watched) && !isDrawing) say(`${watched} is missing`);
    for (const card of document.querySelectorAll('.hosts [data-host]')) {
      // While a search hides some, it says so in two numbers.
      const said = Number(/^\D*(\d+)\D*$/.exec(card.querySelector('.host-facts > span')?.textContent ?? '')?.[1] ?? Number.NaN);
      const held = card.querySelectorAll('[data-lane="settled"] [data-vm], [data-lane="leaving"] [data-vm]').length + restIn(card);
      if (!Number.isNaN(said) && said !== held) say(`${card.getAttribute('data-host')} counts ${said} VMs and shows ${held}`);
    }

    const chip = document.querySelector(
      `[data-lane="settled"] [data-vm="${CSS.escape(watched)}"], [data-lane="leaving"] [data-vm="${CSS.escape(watched)}"], [data-lane="unplaced"] [data-vm="${CSS.escape(watched)}"]`,
    );
    const drawn: Drawn = {
      settled: hostsOf('settled'),
      leaving: hostsOf('leaving'),
      arriving: hostsOf('arriving'),
      unplaced: unplaced.includes(watched),
      state: chip?.getAttribute('data-state') ?? null,
      stage: chip?.getAttribute('data-stage') ?? null,
      leavingText: document.querySelector(`[data-lane="leaving"] [data-vm="${CSS.escape(watched)}"]`)?.textContent ?? null,
    };
    const last = observation.drawn.at(-1);
    const isSame = last !== undefined && JSON.stringify({ ...last, leavingText: null }) === JSON.stringify({ ...drawn, leavingText: null });
    if (!isSame) observation.drawn.push(drawn);
  };
  check();
  new MutationObserver(check).observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true });
}
