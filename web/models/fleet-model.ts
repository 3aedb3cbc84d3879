/** The list of clusters, asked for again while somebody looks. */
import { type ReadonlySignal, signal } from '@preact/signals';
import type { ClusterList } from '../../core/downlink.ts';
import type { Failure } from '../answer.ts';
import { fetchClusters } from '../api.ts';

const REFRESH_INTERVAL_MS = 5_000;

export interface FleetModel {
  /** Null until the first answer. */
  readonly list: ReadonlySignal<ClusterList | null>;
  /** Why the newest question had no answer; null when it had. */
  readonly failure: ReadonlySignal<Failure | null>;
  close(): void;
}

export function openFleet(): FleetModel {
  const list = signal<ClusterList | null>(null);
  const failure = signal<Failure | null>(null);
  const closing = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;

  async function refresh(): Promise<void> {
    const answer = document.visibilityState === 'hidden' ? null : await fetchClusters(closing.signal);
    if (closing.signal.aborted) return;
    if (answer?.ok === true) list.value = answer.value;
    if (answer !== null) failure.value = answer.ok ? null : answer.error;
    if (failure.peek()?.kind !== 'refused') timer = setTimeout(() => void refresh(), REFRESH_INTERVAL_MS);
  }

  void refresh();
  return {
    list,
    failure,
    close() {
      closing.abort();
      clearTimeout(timer);
    },
  };
}
