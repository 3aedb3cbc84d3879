/**
 * Where one watch stands in a resource's history, and what it is to be told next. Pure but for the store it reads.
 *
 * A watch holds no queue. It reads the kept history from where it stands whenever its reader has room, so a slow reader costs
 * nobody anything: it either catches up, or finds that the history has moved on (410) and is told so.
 */

import type { WatchQuery } from './api-route.ts';
import { tooOld } from './api-status.ts';
import type { ObjectStore, StoreEvent } from './object-store.ts';
import type { ClusterObject, JsonObject } from './objects.ts';
import { apiVersionOf, type Resource } from './resources.ts';

const BATCH_COUNT = 100;
/** The annotation of the bookmark that ends the initial events (KEP-3157). */
const INITIAL_EVENTS_END = 'k8s.io/initial-events-end';

export interface WatchCursor {
  /** The next lines, at most a hundred writes' worth; empty when it is up to date. `ended` after an ERROR event. */
  read(): { readonly lines: readonly string[]; readonly ended: boolean };
  /** A bookmark at where it stands; null while what there is has not been told whole. */
  bookmark(): string | null;
}

type WatchType = 'ADDED' | 'MODIFIED' | 'DELETED' | 'ERROR' | 'BOOKMARK';
const formatLine = (type: WatchType, object: ClusterObject | JsonObject): string => `${JSON.stringify({ type, object })}\n`;

/** One text per write, however many watches send it. */
const encoded = new WeakMap<StoreEvent, string>();
function encode(event: StoreEvent): string {
  const known = encoded.get(event);
  if (known !== undefined) return known;
  const line = formatLine(event.type, event.object);
  encoded.set(event, line);
  return line;
}

/** An object that enters or leaves the selection is ADDED or DELETED to this watch, whatever it is to others. */
function formatEvent(event: StoreEvent, matches: WatchQuery['matches']): string | null {
  const was = event.before !== undefined && matches(event.before.metadata);
  const is = event.type !== 'DELETED' && matches(event.object.metadata);
  if (!was && !is) return null;
  if (was && is) return encode(event);
  if (is) return event.type === 'ADDED' ? encode(event) : formatLine('ADDED', event.object);
  return event.type === 'DELETED' ? encode(event) : formatLine('DELETED', event.object);
}

export function createWatchCursor(store: ObjectStore, resource: Resource, query: WatchQuery): WatchCursor {
  let ended = false;
  // Without a version, or with 0, a watch first tells of everything there is, as if it had just been added.
  const fresh = query.initialEvents || query.version === null || query.version === 0;
  let position = fresh ? store.version : (query.version ?? 0);
  let initial: readonly ClusterObject[] | null = fresh ? store.list(resource.name).filter(({ metadata }) => query.matches(metadata)) : null;

  const formatBookmark = (annotations?: JsonObject): string =>
    formatLine('BOOKMARK', {
      kind: resource.kind,
      apiVersion: apiVersionOf(resource),
      metadata: { resourceVersion: String(position), creationTimestamp: null, ...(annotations && { annotations }) },
    });

  return {
    read() {
      if (ended) return { lines: [], ended };
      if (initial !== null) {
        const lines = initial.slice(0, BATCH_COUNT).map((object) => formatLine('ADDED', object));
        initial = initial.length > BATCH_COUNT ? initial.slice(BATCH_COUNT) : null;
        if (initial === null && query.initialEvents && query.bookmarks) lines.push(formatBookmark({ [INITIAL_EVENTS_END]: 'true' }));
        return { lines, ended };
      }
      for (;;) {
        const events = store.eventsAfter(resource.name, position, BATCH_COUNT);
        if (events === null) {
          ended = true;
          return { lines: [formatLine('ERROR', tooOld(position, store.oldestVersion(resource.name)))], ended };
        }
        const lines = events.map((event) => formatEvent(event, query.matches)).filter((line) => line !== null);
        position = events.at(-1)?.version ?? position;
        if (lines.length > 0 || events.length === 0) return { lines, ended };
      }
    },
    bookmark() {
      if (initial !== null) return null;
      // Up to date here means up to date with every write of the cluster: a quiet kind must not fall out of the history.
      const upToDate = store.eventsAfter(resource.name, position, 1)?.length === 0;
      if (upToDate) position = Math.max(position, store.version);
      return formatBookmark();
    },
  };
}
