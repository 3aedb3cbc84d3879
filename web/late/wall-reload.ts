/**
 * A page on a wall has nobody who would load it anew where that is what helps: an upgrade took its files away, or the browser is one that
 * never fetches a file again that another one names.
 */
import { LOAD_TIMEOUT_MS } from '../stream/api.ts';

/** Reached after 155 s at the earliest, and after half an hour where a reload has not helped (see late-file.ts). */
const FAILURES_BEFORE_RELOAD = 5;
const FAILURES_AFTER_RELOAD = 9;

/** `failures`: how often in a row a file could not be fetched; `search`: of the page's address; `isReloaded`: this page is. */
export const isWallReloadDue = (failures: number, search: string, isReloaded: boolean): boolean =>
  failures >= (isReloaded ? FAILURES_AFTER_RELOAD : FAILURES_BEFORE_RELOAD) && /[?&]wall\b/.test(search);

/** By the old interface, which every browser still has: the new one costs thirty bytes more. */
export const isReloadedPage = (): boolean => performance.navigation?.type === 1;

/** The script and the style that this page's HTML names; empty where it is not this page (a login, an error). */
export const filesIn = (html: string): readonly string[] => html.match(/[^"]*\/assets\/(?:page|index)-[^"]+/g) ?? [];

/** Whether the edge answers with the page and with its files: in the middle of an upgrade it can have the one and not the others. Rejects where it does not answer. */
export async function isPageServed(): Promise<boolean> {
  const get = (address: string): Promise<Response> => fetch(address, { redirect: 'manual', signal: AbortSignal.timeout(LOAD_TIMEOUT_MS) });
  const page = await get('');
  const [script, style] = filesIn(await page.text());
  return page.ok && !!script && !!style && (await get(script)).ok && (await get(style)).ok;
}
