/**
 * Lists, page by page. A continue token names the resourceVersion of the first page and the key of the last object; every later
 * page is read from the store's state at that version, so the pages are one consistent snapshot, or 410.
 */

import type { ListQuery } from './api-route.ts';
import { type ApiError, badRequest, expiredToken, tooLargeVersion } from './api-status.ts';
import { keyOf, type ObjectStore } from './object-store.ts';
import type { ClusterObject, JsonObject } from './objects.ts';
import { apiVersionOf, type Resource } from './resources.ts';

export interface ListAnswer {
  readonly kind: string;
  readonly apiVersion: string;
  readonly metadata: JsonObject;
  readonly items: readonly ClusterObject[];
}

interface Token {
  /** 0 after a 410: whatever the state is now. */
  readonly version: number;
  readonly after: string;
}

const formatToken = ({ version, after }: Token): string => Buffer.from(JSON.stringify({ v: version, start: after })).toString('base64url');

export function parseToken(text: string): Token | null {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
    if (typeof parsed !== 'object' || parsed === null || !('v' in parsed) || !('start' in parsed)) return null;
    const { v: version, start: after } = parsed;
    return typeof version === 'number' && Number.isSafeInteger(version) && version >= 0 && typeof after === 'string'
      ? { version, after }
      : null;
  } catch {
    return null;
  }
}

export function readList(
  store: ObjectStore,
  resource: Resource,
  query: ListQuery,
): { readonly ok: true; readonly list: ListAnswer } | { readonly ok: false; readonly error: ApiError } {
  const token = query.continueToken === null ? null : parseToken(query.continueToken);
  if (query.continueToken !== null && token === null)
    return { ok: false, error: badRequest('continue key is not valid: it was not made by this server') };
  if (token !== null && query.version !== null && query.version !== 0) {
    return { ok: false, error: badRequest('specifying resource version is not allowed when using continue') };
  }
  if (query.version !== null && query.version > store.version) return { ok: false, error: tooLargeVersion(query.version, store.version) };

  const asked = token !== null ? token.version : query.exact && query.version !== null ? query.version : 0;
  const version = asked === 0 ? store.version : asked;
  const state = store.listAt(resource.name, version);
  if (state === null) return { ok: false, error: expiredToken(formatToken({ version: 0, after: token?.after ?? '' })) };

  const matching = state.filter((object) => query.matches(object.metadata, object.kind === 'Pod' ? object.spec.nodeName : undefined));
  const start = token === null ? 0 : matching.findIndex((object) => keyOf(object) > token.after);
  const left = start < 0 ? [] : matching.slice(start);
  const items = query.limit > 0 ? left.slice(0, query.limit) : left;
  const last = items.at(-1);
  const more = left.length - items.length;
  const metadata: JsonObject =
    more > 0 && last !== undefined
      ? { resourceVersion: String(version), continue: formatToken({ version, after: keyOf(last) }), remainingItemCount: more }
      : { resourceVersion: String(version) };
  return { ok: true, list: { kind: `${resource.kind}List`, apiVersion: apiVersionOf(resource), metadata, items } };
}
