/** Reads a list page by page and keeps only what is projected from it. */
import { err, ok, type Result } from '../core/result.ts';
import type { KubeClient } from './kube-client.ts';
import type { KubeFailure } from './kube-failure.ts';
import { PAGE_COUNT } from './reflector-state.ts';
import { parseListPage } from './watch-event.ts';

export interface PageRequest<Fact> {
  readonly client: KubeClient;
  /** Up to where `limit=` follows. */
  readonly path: string;
  /** Null where the object is left out. */
  readonly project: (object: unknown) => Fact | null;
  /** For one page. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

export interface WholeList<Fact> {
  readonly facts: readonly Fact[];
  readonly resourceVersion: string;
}

export interface PageFailure {
  readonly failure: KubeFailure;
  /** It was not the first page, so the server may have forgotten what it goes on from. */
  readonly isContinued: boolean;
}

/** A page that is too large is asked for again with so many times fewer objects. */
const SHRINK = 5;

export async function readPages<Fact>(request: PageRequest<Fact>): Promise<Result<WholeList<Fact>, PageFailure>> {
  const facts: Fact[] = [];
  let limit = PAGE_COUNT;
  let token: string | null = null;
  for (;;) {
    const page: Result<PageEnd, KubeFailure> = await readPage(request, facts, limit, token);
    if (page.ok) {
      token = page.value.next;
      if (token === null) return ok({ facts, resourceVersion: page.value.resourceVersion });
    } else if (page.error.kind === 'oversized' && limit > 1) limit = Math.max(1, Math.floor(limit / SHRINK));
    else return err({ failure: page.error, isContinued: token !== null });
  }
}

interface PageEnd {
  readonly next: string | null;
  readonly resourceVersion: string;
}

/**
 * Adds a page to the facts. A function of its own, so that its text and its objects are garbage before the next page is asked for:
 * what a suspended loop has read stays alive until the loop reads again.
 */
async function readPage<Fact>(
  { client, path, project, timeoutMs, signal }: PageRequest<Fact>,
  facts: Fact[],
  limit: number,
  token: string | null,
): Promise<Result<PageEnd, KubeFailure>> {
  const rest = token === null ? '' : `&continue=${encodeURIComponent(token)}`;
  const body = await client.getText(`${path}limit=${limit}${rest}`, { timeoutMs, signal });
  if (!body.ok) return body;
  const page = parseListPage(body.value);
  if (!page.ok) return err({ kind: 'malformed', detail: page.error });
  for (const object of page.value.items) {
    const fact = project(object);
    if (fact !== null) facts.push(fact);
  }
  return ok({ next: page.value.next, resourceVersion: page.value.resourceVersion });
}
