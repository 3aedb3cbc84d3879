/** What is sent, as text: a full sync cut into parts, or what changed. Pure. */
import type { InventoryChanges } from '../core/derive/inventory.ts';
import type { DerivedHost, DerivedVm, FinishedMigration } from '../core/model.ts';
import type { Changes, Entities, Heartbeat, SyncCommit } from '../core/uplink.ts';

export interface FullState {
  readonly hosts: Iterable<DerivedHost>;
  readonly vms: Iterable<DerivedVm>;
  readonly finished: Iterable<FinishedMigration>;
  readonly digest: string;
}

/**
 * The batches of a full sync, numbered from 1: parts of at most `targetBytes` (UTF-8, inflated; a single larger entity makes a part
 * of its own), then the commit (U3). A cluster without anything is one empty part, so that the room learns of its emptiness.
 */
export function formatSync(session: number, state: FullState, targetBytes: number): readonly string[] {
  const parts = new PartCutter(session, targetBytes);
  for (const host of state.hosts) parts.add('hosts', host);
  for (const vm of state.vms) parts.add('vms', vm);
  for (const finished of state.finished) parts.add('finished', finished);
  const bodies = parts.end();
  const commit: SyncCommit = {
    kind: 'sync-commit',
    session,
    number: bodies.length + 1,
    parts: bodies.length,
    digest: state.digest,
  };
  return [...bodies, JSON.stringify(commit)];
}

/** Each entity is turned into JSON once, and its bytes are counted as it goes into a part. */
class PartCutter {
  readonly #session: number;
  readonly #targetBytes: number;
  readonly #bodies: string[] = [];
  #texts: Record<keyof Entities, string[]> = { hosts: [], vms: [], finished: [] };
  #bytes = 0;

  constructor(session: number, targetBytes: number) {
    this.#session = session;
    this.#targetBytes = targetBytes;
  }

  add(list: keyof Entities, entity: DerivedHost | DerivedVm | FinishedMigration): void {
    const text = JSON.stringify(entity);
    const bytes = Buffer.byteLength(text) + 1;
    if (this.#bytes > 0 && this.#bytes + bytes > this.#targetBytes) this.#cut();
    this.#texts[list].push(text);
    this.#bytes += bytes;
  }

  end(): readonly string[] {
    if (this.#bytes > 0 || this.#bodies.length === 0) this.#cut();
    return this.#bodies;
  }

  #cut(): void {
    const { hosts, vms, finished } = this.#texts;
    const head = `"kind":"sync-part","session":${this.#session},"number":${this.#bodies.length + 1}`;
    this.#bodies.push(`{${head},"hosts":[${hosts}],"vms":[${vms}],"finished":[${finished}]}`);
    this.#texts = { hosts: [], vms: [], finished: [] };
    this.#bytes = 0;
  }
}

export interface BatchPlace {
  readonly session: number;
  readonly number: number;
  /** The digest of the derived state that holds after the batch (U5). */
  readonly digest: string;
}

export function formatChanges(
  { session, number, digest }: BatchPlace,
  { hosts, vms }: Pick<InventoryChanges, 'hosts' | 'vms'>,
  finished: readonly FinishedMigration[],
): string {
  const changes: Changes = {
    kind: 'changes',
    session,
    number,
    hosts: presentOf(hosts),
    vms: presentOf(vms),
    goneHosts: goneOf(hosts),
    goneVms: goneOf(vms),
    finished,
    digest,
  };
  return JSON.stringify(changes);
}

export function formatHeartbeat({ session, number, digest }: BatchPlace): string {
  const heartbeat: Heartbeat = { kind: 'heartbeat', session, number, digest };
  return JSON.stringify(heartbeat);
}

const presentOf = <Entity>(changed: ReadonlyMap<string, Entity | null>): Entity[] =>
  [...changed.values()].filter((entity): entity is Entity & {} => entity !== null);

const goneOf = (changed: ReadonlyMap<string, unknown>): string[] =>
  [...changed].filter(([, entity]) => entity === null).map(([key]) => key);
