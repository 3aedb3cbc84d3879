/** How many event streams a page holds at a time, counted in the page itself: elsewhere the end of one is seen when the network has told it. */
import type { Page } from 'playwright-core';

/** Before the page is loaded. */
export const countStreams = (page: Page): Promise<unknown> => page.addInitScript(install);

/** The most that were not closed at one time since the page was loaded. */
export const mostStreams = (page: Page): Promise<number> =>
  page.evaluate(() => (globalThis as unknown as { mostStreams: number }).mostStreams);

/** Runs in the page, so it refers to nothing outside itself. */
function install(): void {
  const open = new Set<EventSource>();
  const counter = globalThis as unknown as { mostStreams: number };
  counter.mostStreams = 0;
  globalThis.EventSource = class extends EventSource {
    constructor(address: string | URL) {
      super(address);
      for (const each of open) if (each.readyState === EventSource.CLOSED) open.delete(each);
      open.add(this);
      counter.mostStreams = Math.max(counter.mostStreams, open.size);
    }
  };
}
