/** The lines of a Kubernetes watch, and the pages of a list. Pure; untrusted. */
import { err, ok, type Result } from '../core/result.ts';
import { type KubeFailure, parseStatusObject } from './kube-failure.ts';
import { isRecord, listAt, textAt, valueAt } from './project/json.ts';

export type WatchEvent =
  /** `key`: the object's namespace and name, which tell it from others of its kind; null where it has no name. */
  | { readonly type: 'set' | 'remove'; readonly object: unknown; readonly key: string | null; readonly resourceVersion: string }
  /** `endsList`: all objects that a streaming list began with have come (KEP-3157). */
  | { readonly type: 'bookmark'; readonly endsList: boolean; readonly resourceVersion: string }
  | { readonly type: 'error'; readonly failure: KubeFailure };

/** ADDED and MODIFIED are one: either means that the object now is so. */
const TYPES: ReadonlyMap<string, 'set' | 'remove' | 'bookmark'> = new Map([
  ['ADDED', 'set'],
  ['MODIFIED', 'set'],
  ['DELETED', 'remove'],
  ['BOOKMARK', 'bookmark'],
]);

export function parseWatchEvent(line: string): Result<WatchEvent> {
  const parsed = parseJson(line);
  if (!parsed.ok) return parsed;
  const event = parsed.value;
  const name = textAt(event, 'type');
  const object = valueAt(event, 'object');
  if (name === 'ERROR') return ok({ type: 'error', failure: parseStatusObject(object) });
  const type = name === undefined ? undefined : TYPES.get(name);
  if (type === undefined) return err(`a watch event of the unknown type ${JSON.stringify(name ?? null)}`);
  const resourceVersion = textAt(object, 'metadata', 'resourceVersion');
  if (resourceVersion === undefined) return err(`a ${name} event without metadata.resourceVersion`);
  if (type !== 'bookmark') return ok({ type, object, key: keyOf(object), resourceVersion });
  return ok({ type, endsList: valueAt(object, 'metadata', 'annotations', INITIAL_EVENTS_END) === 'true', resourceVersion });
}

const INITIAL_EVENTS_END = 'k8s.io/initial-events-end';

/** Whole, however long: two names that begin alike are two objects. */
function keyOf(object: unknown): string | null {
  const name = valueAt(object, 'metadata', 'name');
  const namespace = valueAt(object, 'metadata', 'namespace');
  return typeof name === 'string' ? `${typeof namespace === 'string' ? namespace : ''}/${name}` : null;
}

export interface ListPage {
  readonly items: readonly unknown[];
  readonly resourceVersion: string;
  /** The token for the next page; null on the last one. */
  readonly next: string | null;
}

export function parseListPage(body: string): Result<ListPage> {
  const parsed = parseJson(body);
  if (!parsed.ok) return parsed;
  const list = parsed.value;
  const resourceVersion = textAt(list, 'metadata', 'resourceVersion');
  if (resourceVersion === undefined) return err('a list without metadata.resourceVersion');
  // The API server writes a list of nothing as null.
  const items = valueAt(list, 'items');
  if (!Array.isArray(items) && items !== null) return err('a list without items');
  return ok({ items: listAt(list, 'items'), resourceVersion, next: continueTokenOf(list) });
}

/** Whole, however long: a shortened token would be another token. */
function continueTokenOf(list: unknown): string | null {
  const token = valueAt(list, 'metadata', 'continue');
  return typeof token === 'string' && token !== '' ? token : null;
}

function parseJson(text: string): Result<unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? ok(value) : err('JSON that is no object');
  } catch {
    return err(`not JSON (${text.length} characters)`);
  }
}
