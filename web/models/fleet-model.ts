/** The list of clusters, asked for again while somebody looks. */
import { type ReadonlySignal, signal } from '@preact/signals';
import type { ClusterList } from '../../core/downlink.ts';
import type { Failure } from '../answer.ts';
import { fetchClusters } from '../api.ts';

const REFRESH_INTERVAL_MS = 5_000;
const TICK_INTERVAL_MS = 1_000;

export interface FleetModel {
  /** Null until the first answer. */
  readonly list: ReadonlySignal<ClusterList | null>;
  /** How old the list is, in milliseconds: an old one must not look live. */
  readonly age: ReadonlySignal<number>;
  /** Why the newest question had no answer; null when it had. */
  readonly failure: ReadonlySignal<Failure | null>;
  /** Asks again, where a refusal had ended the asking. */
  retry(): void;
  close(): void;
}

export function openFleet(): FleetModel {
  const list = signal<ClusterList | null>(null);
  const age = signal(0);
  const failure = signal<Failure | null>(null);
  const closing = new AbortController();
  let answered = clocks();
  let isAsking = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  async function refresh(): Promise<void> {
    if (isAsking || document.visibilityState === 'hidden') return;
    clearTimeout(timer);
    isAsking = true;
    const asked = clocks();
    const answer = await fetchClusters(closing.signal);
    isAsking = false;
    if (closing.signal.aborted) return;
    if (answer.ok) {
      // The list was made after the question: counted from there, its age is never too small.
      answered = asked;
      list.value = answer.value;
      tick();
    }
    failure.value = answer.ok ? null : answer.error;
    if (failure.peek()?.kind !== 'refused') timer = setTimeout(() => void refresh(), REFRESH_INTERVAL_MS);
  }

  function tick(): void {
    // The steady clock may stand still while the machine sleeps, and the other one can be set: the later of them is the careful one.
    const { wall, steady } = clocks();
    age.value = Math.max(wall - answered.wall, steady - answered.steady);
  }

  const ticker = setInterval(tick, TICK_INTERVAL_MS);
  document.addEventListener(
    'visibilitychange',
    () => {
      tick();
      if (failure.peek()?.kind !== 'refused') void refresh();
    },
    { signal: closing.signal },
  );
  void refresh();
  return {
    list,
    age,
    failure,
    retry: () => void refresh(),
    close() {
      closing.abort();
      clearTimeout(timer);
      clearInterval(ticker);
    },
  };
}

const clocks = (): { readonly wall: number; readonly steady: number } => ({ wall: Date.now(), steady: performance.now() });
