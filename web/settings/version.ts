/**
 * Whether the edge serves another version of the page than the one that runs: its HTML names other files. And when a page that nobody sits
 * at may load it: once for each version, later and later where that did not help. Pure.
 */
import { filesIn } from '../late/wall-reload.ts';

/** The files that an HTML of this page names, as its version; null where it is not this page (a login, an error). */
export function versionIn(html: string): string | null {
  const files = filesIn(html);
  return files.length === 2 ? files.join(' ') : null;
}

/** How often it is asked at most, and how soon again after the connection was lost: an upgrade ends all streams. */
export const ASK_INTERVAL_MS = 600_000;
export const RECONNECT_ASK_INTERVAL_MS = 60_000;

/** `askedAt` null: never. Times of any steady clock, in milliseconds. */
export const isAskDue = (askedAt: number | null, isReconnect: boolean, now: number): boolean =>
  askedAt === null || now - askedAt >= (isReconnect ? RECONNECT_ASK_INTERVAL_MS : ASK_INTERVAL_MS);

/** What the page remembers over a reload: of a version, how often it was loaded for it, and when last, by the browser's clock. */
export interface Reload {
  readonly version: string;
  readonly count: number;
  readonly at: number;
}

const FIRST_RELOAD_WAIT_MS = 600_000;
const LONGEST_RELOAD_WAIT_MS = 24 * 3_600_000;
const KEPT_COUNT = 8;

/** Edges of different versions could send a page back and forth: each time for the same version has to wait longer. */
export function isReloadDue(reloads: readonly Reload[], version: string, now: number): boolean {
  const last = reloads.find((reload) => reload.version === version);
  if (last === undefined) return true;
  const wait = Math.min(LONGEST_RELOAD_WAIT_MS, FIRST_RELOAD_WAIT_MS * 2 ** (last.count - 1));
  // A clock that was set back must not stop it for good.
  return now < last.at || now - last.at >= wait;
}

export function addReload(reloads: readonly Reload[], version: string, now: number): Reload[] {
  const last = reloads.find((reload) => reload.version === version);
  const others = reloads.filter((reload) => reload !== last);
  return [...others, { version, count: (last?.count ?? 0) + 1, at: now }].slice(-KEPT_COUNT);
}

/** What was kept; none where that makes no sense. */
export function parseReloads(kept: string | null): readonly Reload[] {
  try {
    const reloads: unknown = JSON.parse(kept ?? '[]');
    return Array.isArray(reloads) && reloads.every(isReload) ? reloads : [];
  } catch {
    return [];
  }
}

function isReload(kept: unknown): kept is Reload {
  const { version, count, at } = Object(kept);
  return typeof version === 'string' && Number.isSafeInteger(count) && count > 0 && Number.isFinite(at);
}

/** For how long a reload waits for a moment at which nothing moves. */
export const RELOAD_PATIENCE_MS = 900_000;
/** Pages that learn of a version together do not all load it together. */
export const RELOAD_SPREAD_MS = 60_000;

export interface ReloadMoment {
  /** VMs that are on their way. */
  readonly moving: number;
  readonly knownForMs: number;
  /** From 0 to 1, one for each page. */
  readonly random: number;
}

export const isReloadMoment = ({ moving, knownForMs, random }: ReloadMoment): boolean =>
  knownForMs >= random * RELOAD_SPREAD_MS && (moving === 0 || knownForMs >= RELOAD_PATIENCE_MS);
