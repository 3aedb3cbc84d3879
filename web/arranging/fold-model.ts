/** Which hosts' cards are folded on a narrow page: for as long as the board is open. */
import { type ReadonlySignal, type Signal, signal } from '@preact/signals';
import { entry } from '../../core/entry.ts';
import type { HostName } from '../../core/model.ts';
import type { ClusterSession } from '../stream/cluster-session.ts';

const folded = new WeakMap<ClusterSession, Signal<ReadonlySet<HostName>>>();

const signalOf = (session: ClusterSession): Signal<ReadonlySet<HostName>> =>
  entry(folded, session, () => signal<ReadonlySet<HostName>>(new Set()));

export const foldedHosts = (session: ClusterSession): ReadonlySignal<ReadonlySet<HostName>> => signalOf(session);

export function toggleHost(session: ClusterSession, name: HostName): void {
  const own = signalOf(session);
  const next = new Set(own.peek());
  if (!next.delete(name)) next.add(name);
  own.value = next;
}

const foldings = signal(0);
let isNoted = false;

/** Another number each time cards show less or more: what is measured between them is somewhere else then. */
export const foldingRevision: ReadonlySignal<number> = foldings;

/** A thousand cards fold at once, and whoever measures must do so once. */
export function noteFolding(): void {
  if (isNoted) return;
  isNoted = true;
  queueMicrotask(() => {
    isNoted = false;
    foldings.value = foldings.peek() + 1;
  });
}
