/**
 * Whether the picture that is held is the one that the room means (SPEC D6). The digest of its derived fields is kept up incrementally: one
 * subtraction and one addition per changed entity. Entities that changed wait, and are digested a few at a time when the page is idle.
 */
import type { ClusterState } from '../../core/cluster-state.ts';
import { addDigests, type Digest, digestOfHost, digestOfVm, EMPTY_DIGEST, formatDigest, subtractDigests } from '../../core/digest.ts';
import type { Changes } from '../rendering/frame.ts';
import type { Badge } from './badge.ts';

/** How many entities are digested at once: about 1 ms, and less than 5 ms on a machine of a fifth of that speed. */
export const SLICE_ENTITIES_COUNT = 250;
/** The least time between two pictures that are fetched for their digest. */
export const DRIFT_INTERVAL_MS = 300_000;

export interface Drift {
  readonly cursor: string;
  /** The digest of what is held, to be told to the room. */
  readonly own: string;
  /** What the room says that it is. */
  readonly told: string;
}

export interface DigestWatch {
  /** Begins with this picture, whatever it was before. */
  restart(state: ClusterState): void;
  /** Takes note of a commit. */
  read(changes: Changes): void;
  /** Digests a slice of what waits; answers whether some still wait. */
  digestSlice(): boolean;
  /** Where all is digested and the digests differ at one cursor: how. Null: they agree, or that cannot be said now. */
  compare(): Drift | null;
}

export function createDigestWatch(): DigestWatch {
  let state: ClusterState | null = null;
  /** Of the newest commit: frames that are held and not committed yet have changed entities that nobody has named. */
  let cursor: string | null = null;
  let sum = EMPTY_DIGEST;
  const hosts = trackDigests(digestOfHost);
  const vms = trackDigests(digestOfVm);

  function restart(next: ClusterState): void {
    state = next;
    cursor = next.cursor;
    sum = EMPTY_DIGEST;
    hosts.restart(next.hosts.keys());
    vms.restart(next.vms.keys());
  }

  return {
    restart,
    read(changes) {
      // A snapshot brings a state of its own; after a look at the past nobody has named what changed meanwhile.
      if (changes.isReplaced || changes.state !== state) return restart(changes.state);
      cursor = state.cursor;
      hosts.expect(changes.hosts);
      vms.expect(changes.vms);
    },
    digestSlice() {
      if (state === null) return false;
      const first = hosts.digest(state.hosts, SLICE_ENTITIES_COUNT);
      const second = vms.digest(state.vms, SLICE_ENTITIES_COUNT - first.count);
      sum = addDigests(sum, addDigests(first.change, second.change));
      return hosts.isBehind() || vms.isBehind();
    },
    compare() {
      if (state === null || cursor === null || state.cursor !== cursor || hosts.isBehind() || vms.isBehind()) return null;
      if (hosts.hasFenced() || vms.hasFenced()) return null;
      const own = formatDigest(sum);
      return own === state.digest ? null : { cursor, own, told: state.digest };
    },
  };
}

/**
 * Whether a drift that was found now may be acted upon: `actedAt` is when one was last, null for never, both times on one steady clock.
 * Without its stream the page would not get the picture now, and what is fetched when it comes back may settle it.
 */
export const isDriftDue = (connection: Badge['kind'], actedAt: number | null, now: number): boolean =>
  STREAMING.has(connection) && (actedAt === null || now - actedAt >= DRIFT_INTERVAL_MS);

const STREAMING: ReadonlySet<Badge['kind']> = new Set(['live', 'stale', 'waiting']);

/** The header `x-hostview-drift`. */
export const formatDrift = ({ cursor, own }: Drift): string => `${cursor} ${own}`;

interface TrackedDigests<Entity> {
  restart(keys: Iterable<string>): void;
  expect(keys: Iterable<string>): void;
  isBehind(): boolean;
  /** Whether a text of one that is held was changed for display (read-json.ts), so that its digest is not the room's. */
  hasFenced(): boolean;
  /** At most `limit` of those that wait: how many it were, and what they change in the sum. */
  digest(held: ReadonlyMap<string, Entity>, limit: number): { readonly count: number; readonly change: Digest };
}

function trackDigests<Entity>(digestOf: (entity: Entity) => Digest): TrackedDigests<Entity> {
  const digests = new Map<string, Digest>();
  const waiting = new Set<string>();
  const fenced = new Set<string>();

  function replace(key: string, entity: Entity | undefined): Digest {
    const before = digests.get(key) ?? EMPTY_DIGEST;
    fenced.delete(key);
    if (entity === undefined) {
      digests.delete(key);
      return subtractDigests(EMPTY_DIGEST, before);
    }
    const after = digestOf(entity);
    digests.set(key, after);
    if (isFenced(entity)) fenced.add(key);
    return subtractDigests(after, before);
  }

  return {
    restart(keys) {
      digests.clear();
      fenced.clear();
      waiting.clear();
      for (const key of keys) waiting.add(key);
    },
    expect(keys) {
      for (const key of keys) waiting.add(key);
    },
    isBehind: () => waiting.size > 0,
    hasFenced: () => fenced.size > 0,
    digest(held, limit) {
      let change = EMPTY_DIGEST;
      let count = 0;
      for (const key of waiting) {
        if (count === limit) break;
        waiting.delete(key);
        change = addDigests(change, replace(key, held.get(key)));
        count++;
      }
      return { count, change };
    },
  };
}

/** A look through the whole entity: cheap beside its digest, which writes all of it too. */
const isFenced = (entity: unknown): boolean => JSON.stringify(entity).includes('\u2068');
