/** The moment before a migration last failed: looked for page by page, over a source that is given. */
import type { MigrationPage } from '../../core/history.ts';
import { ok, type Result } from '../../core/result.ts';
import { momentBeforeEnd } from '../migrations/migration-moment.ts';
import type { ReadFailure } from '../stream/late-answer.ts';

const PAGE_COUNT = 200;
/** So many migrations without a failure among them, and it is not worth more questions. */
const MOST_PAGES_COUNT = 10;

/** `none`: none of those that are kept has failed. `none-lately`: none of the newest, and the older ones were not looked through. */
export async function loadLastFailure(
  readPage: (before: string | null, limit: number) => Promise<Result<MigrationPage, ReadFailure>>,
): Promise<Result<number | 'none' | 'none-lately', ReadFailure>> {
  let before: string | null = null;
  for (let pages = 0; pages < MOST_PAGES_COUNT; pages++) {
    const page: Result<MigrationPage, ReadFailure> = await readPage(before, PAGE_COUNT);
    if (!page.ok) return page;
    const failed = page.value.finished.find(({ outcome }) => outcome === 'failed');
    if (failed !== undefined) return ok(momentBeforeEnd(failed));
    before = page.value.next;
    if (before === null) return ok('none');
  }
  return ok('none-lately');
}
