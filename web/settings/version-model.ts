/** Asks now and then whether the edge serves another version of this page. There is one page, so one store does. A shell over fetch and storage. */
import { effect, type ReadonlySignal, signal } from '@preact/signals';
import { isPageServed } from '../late/wall-reload.ts';
import { LOAD_TIMEOUT_MS } from '../stream/api.ts';
import type { ConnectionModel } from '../stream/connection-model.ts';
import { addReload, isAskDue, isReloadDue, isReloadMoment, parseReloads, type Reload, versionIn } from './version.ts';

const RELOADS_KEY = 'hostview.reloads';
/** The edge refuses this page's version, and so there is another one. */
const REFUSED = 'refused';

/** The one that runs: the document still says which files it was made of. */
const ownVersion = (): string | null =>
  // Not the whole head: in the title stands what a cluster calls itself.
  versionIn([...document.head.querySelectorAll('script, link')].map(({ outerHTML }) => outerHTML).join(''));

const other = signal<string | null>(null);
const random = Math.random();
/** On the connection's steady clock. */
let askedAt: number | null = null;
let knownSince: number | null = null;

/** The other version that the edge serves; null while it serves this one, as far as is known. */
export const otherVersion: ReadonlySignal<string | null> = other;

/** Null where the edge does not answer with this page. */
async function fetchVersion(): Promise<string | null> {
  try {
    const answer = await fetch('/', {
      // The server is asked whether the copy that is kept is the newest.
      cache: 'no-cache',
      redirect: 'manual',
      signal: AbortSignal.timeout(LOAD_TIMEOUT_MS),
    });
    return answer.ok ? versionIn(await answer.text()) : null;
  } catch {
    return null;
  }
}

function setOther(version: string | null, now: number): void {
  if (version !== null && other.peek() === null) knownSince = now;
  other.value = version;
}

/** Of a hidden page nothing is asked. Answers how to stop. */
export function followVersion({ badge, localNow }: Pick<ConnectionModel, 'badge' | 'localNow'>): () => void {
  let wasLost = false;
  return effect(() => {
    const { kind } = badge.value;
    const now = localNow.value;
    const isHeard = kind === 'live' || kind === 'stale' || kind === 'waiting' || kind === 'past';
    if (badge.value.kind === 'refused' && badge.value.refusal === 'outdated') setOther(REFUSED, now);
    wasLost ||= kind === 'reconnecting';
    if (!isHeard || document.visibilityState === 'hidden') return;
    // The page has just been loaded: it is as new as can be.
    askedAt ??= now;
    if (!isAskDue(askedAt, wasLost, now)) return;
    askedAt = now;
    wasLost = false;
    void fetchVersion().then((version) => {
      if (version !== null) setOther(version === ownVersion() ? null : version, now);
    });
  });
}

let isReloading = false;

/**
 * Loads the page anew where there is another version and its time has come. Where nothing can be kept, it could be without end: never then.
 * `moving`: VMs that are on their way; `now`: the connection's steady clock.
 */
export async function reloadForVersion(moving: number, now: number): Promise<void> {
  const wanted = other.peek();
  if (isReloading || wanted === null || !isReloadMoment({ moving, knownForMs: now - (knownSince ?? now), random })) return;
  const reloads = readReloads();
  const at = Date.now();
  if (reloads === null || !isReloadDue(reloads, wanted, at)) return;
  isReloading = true;
  // A reload that fails would leave nothing at all on a screen that nobody sits at.
  const served = await fetchVersion();
  const isServed = served !== null && (wanted === REFUSED || served !== ownVersion()) && (await isPageServed().catch(() => false));
  isReloading = isServed && keepReloads(addReload(reloads, wanted, at));
  if (isReloading) location.reload();
}

function readReloads(): readonly Reload[] | null {
  try {
    return parseReloads(sessionStorage.getItem(RELOADS_KEY));
  } catch {
    return null;
  }
}

function keepReloads(reloads: readonly Reload[]): boolean {
  try {
    sessionStorage.setItem(RELOADS_KEY, JSON.stringify(reloads));
    return true;
  } catch {
    return false;
  }
}
