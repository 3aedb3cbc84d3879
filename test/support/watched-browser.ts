/** Chromium for tests of the page, of which no page may break its Content-Security-Policy, whatever the test is about (SPEC P6). */
import type { Browser } from 'playwright-core';
import { launchBrowser } from './browser.ts';
import { watchPolicy } from './policy-watch.ts';

export interface WatchedBrowser extends Browser {
  /** What its pages have done against their policy since this was last asked. Closing the browser fails where there is something left. */
  takeBreaches(): string[];
}

export async function launchWatchedBrowser(): Promise<WatchedBrowser> {
  const browser = await launchBrowser();
  const watched: string[][] = [];
  const newContext = browser.newContext.bind(browser);
  const close = browser.close.bind(browser);
  const takeBreaches = (): string[] => watched.flatMap((breaches) => breaches.splice(0));
  return Object.assign(browser, {
    takeBreaches,
    // A page that is opened without a context opens one of its own by this.
    async newContext(...options: Parameters<Browser['newContext']>) {
      const context = await newContext(...options);
      watched.push(await watchPolicy(context));
      return context;
    },
    async close(...options: Parameters<Browser['close']>) {
      await close(...options);
      const breaches = takeBreaches();
      if (breaches.length > 0) throw new Error(`pages broke their policy:\n${breaches.join('\n')}`);
    },
  });
}
