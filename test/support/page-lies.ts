/**
 * Watches a page from before its first script on: in each commit no VM is on two lists, none arrives that does not leave, and the cards add up
 * to the header (SPEC P1); and never has it two streams (P3).
 */
import type { Page } from 'playwright-core';

/** For each document that the page will have. */
export const watchForLies = (page: Page): Promise<unknown> => page.addInitScript(watch);

/** What was wrong since this was last asked. */
export const takeLies = (page: Page): Promise<readonly string[]> =>
  page.evaluate(() => (globalThis as unknown as { hostviewLies: string[] }).hostviewLies.splice(0));

/** Runs in the page, so it refers to nothing outside itself. */
function watch(): void {
  const lies: string[] = [];
  Object.assign(globalThis, { hostviewLies: lies });
  const say = (lie: string): void => {
    if (lies.length < 20) lies.push(lie);
  };

  const namesIn = (lane: string): string[] =>
    [...document.querySelectorAll<HTMLElement>(`.board [data-lane="${lane}"] [data-vm]`)].map(({ dataset }) => dataset.vm ?? '');
  function check(): void {
    if (document.querySelector('.board [data-lane]') === null) return;
    const leaving = namesIn('leaving');
    const all = [...namesIn('settled'), ...leaving, ...namesIn('unplaced')];
    const twice = all.filter((name, index) => all.indexOf(name) !== index);
    if (twice.length > 0) say(`on two lists: ${twice.join(', ')}`);
    // What is still to be drawn is told (test/support/board-observer.ts adds that up).
    if (document.querySelector('[data-rest]') !== null) return;
    const strays = namesIn('arriving').filter((name) => !leaving.includes(name));
    if (strays.length > 0) say(`arriving without leaving: ${strays.join(', ')}`);
    const counted = Number(document.querySelector('[data-count="vms"]')?.textContent?.replace(/\D/g, ''));
    if (counted !== all.length) say(`the header counts ${counted} VMs, the cards show ${all.length}`);
  }
  new MutationObserver(check).observe(document, { subtree: true, childList: true, attributes: true, characterData: true });

  const opened = new Set<EventSource>();
  globalThis.EventSource = class extends EventSource {
    constructor(address: string | URL) {
      super(address);
      opened.add(this);
      const open = [...opened].filter(({ readyState }) => readyState !== EventSource.CLOSED);
      if (open.length > 1) say(`${open.length} streams: ${open.map(({ url }) => url).join(', ')}`);
    }
  };
}
