/** The whole state, as text: the snapshot (SPEC D1) and its HTTP answer, and the summary for the fleet. Pure. */
import type { Snapshot } from '../core/downlink.ts';
import { composeHost } from '../core/host-memory.ts';
import { composeVm } from '../core/memory.ts';
import { summarize } from '../core/summary.ts';
import type { StoredHost, StoredVm } from './commit.ts';
import { encodeText } from './sse.ts';

/** The entities at one revision: their JSON and its bytes, each made once for all who ask, and what the summary says of them. */
export class Entities {
  readonly json: string;
  readonly counts: ReturnType<typeof summarize>;
  #bytes: Uint8Array | undefined;

  constructor(json: string, counts: Entities['counts']) {
    this.json = json;
    this.counts = counts;
  }

  /** UTF-8 of `json`. Shared by everybody: never to be written to. */
  get bytes(): Uint8Array {
    this.#bytes ??= encodeText(this.json);
    return this.#bytes;
  }
}

export function composeEntities(storedHosts: readonly StoredHost[], stored: readonly StoredVm[]): Entities {
  const hosts = storedHosts.map(({ derived, memory }) => composeHost(derived, memory));
  const vms = stored.map(({ derived, memory }) => composeVm(derived, memory));
  return new Entities(`"hosts":${JSON.stringify(hosts)},"vms":${JSON.stringify(vms)}`, summarize(hosts, vms));
}

export const formatSnapshot = (head: Omit<Snapshot, 'hosts' | 'vms'>, entities: Entities): string =>
  `${JSON.stringify(head).slice(0, -1)},${entities.json}}`;

/** The same in UTF-8, in pieces that follow each other; the large one is {@link Entities.bytes} itself, so that a crowd shares it. */
export const snapshotChunks = (head: Omit<Snapshot, 'hosts' | 'vms'>, entities: Entities): Uint8Array[] => [
  encodeText(`${JSON.stringify(head).slice(0, -1)},`),
  entities.bytes,
  encodeText('}'),
];

/** Weak, for the same state is sent with another `now` each time. */
const etagOf = (cursor: string): string => `W/"${cursor}"`;

/** Whether an If-None-Match header names that tag; the header is untrusted. */
export function isUnchanged(ifNoneMatch: string | null, etag: string): boolean {
  if (ifNoneMatch === null) return false;
  const opaque = (tag: string): string => tag.trim().replace(/^W\//, '');
  return ifNoneMatch.split(',').some((tag) => opaque(tag) === opaque(etag));
}

export function snapshotHeaders({ cursor, now, lastHeard }: Pick<Snapshot, 'cursor' | 'now' | 'lastHeard'>): Headers {
  const headers = new Headers({ 'content-type': 'application/json', 'cache-control': 'private, no-cache', 'x-hostview-now': String(now) });
  if (cursor !== null) headers.set('etag', etagOf(cursor));
  if (lastHeard !== null) headers.set('x-hostview-last-heard', String(lastHeard));
  return headers;
}
