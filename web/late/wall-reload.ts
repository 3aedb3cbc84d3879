/**
 * A page on a wall has nobody who would load it anew where that is what helps: an upgrade took its files away, or the browser is one that
 * never fetches a file again that another one names.
 */

/** Reached after 155 s at the earliest (see late-file.ts), so this is how often a wall is loaded anew at most. */
const FAILURES_BEFORE_RELOAD = 4;

/** `failures`: how often in a row before the last one a file could not be fetched; `search`: of the page's address. */
export const isWallReloadDue = (failures: number, search: string): boolean =>
  failures >= FAILURES_BEFORE_RELOAD && /[?&]wall\b/.test(search);

/** Only where the edge answers with the page, and not with a login or an error: else what is there stays. */
export function reloadWhereServed(): void {
  fetch('')
    .then((answer) => answer.text())
    .then(
      (html) => html.includes('id="app"') && location.reload(),
      () => {},
    );
}
