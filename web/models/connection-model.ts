/** What is known of the connection and of the cluster's freshness, on the room's clock. */
import { computed, type ReadonlySignal, signal } from '@preact/signals';
import type { Pulse, Snapshot } from '../../core/downlink.ts';
import { type Freshness, freshnessOf } from '../../core/freshness.ts';
import { type Badge, selectBadge } from '../badge.ts';
import { type ConnectionState, INITIAL_CONNECTION } from '../connection-state.ts';
import { observeServerTime, type ServerClock, serverTimeAt, UNSET_CLOCK } from '../server-clock.ts';

export interface ConnectionModel {
  readonly badge: ReadonlySignal<Badge>;
  readonly freshness: ReadonlySignal<Freshness>;
  readonly lastHeard: ReadonlySignal<number | null>;
  /** The time on the room's clock, whole seconds apart; null before it was heard. */
  readonly now: ReadonlySignal<number | null>;
  /** The local steady clock, in step with {@link now}: what a deadline of the connection's is compared with. */
  readonly localNow: ReadonlySignal<number>;
  readState(state: ConnectionState): void;
  readSnapshot(snapshot: Pick<Snapshot, 'now' | 'lastHeard'>): void;
  readPulse(pulse: Pulse): void;
  /** A frame proves that the cluster spoke when it was committed. */
  readCommit(at: number): void;
  /** The machine slept, and the steady clock missed this much of it. By a clock that can be set, so believed only until the room is heard. */
  readSleep(missedMs: number): void;
  tick(): void;
}

export function createConnectionModel(steadyNow: () => number, hasPicture: ReadonlySignal<boolean>): ConnectionModel {
  const state = signal<ConnectionState>(INITIAL_CONNECTION);
  const lastHeard = signal<number | null>(null);
  const clock = signal<ServerClock>(UNSET_CLOCK);
  const localNow = signal(steadyNow());
  const now = computed(() => serverTimeAt(clock.value, localNow.value));
  const freshness = computed(() => (now.value === null ? 'waiting' : freshnessOf(lastHeard.value, now.value)));

  let isGuessed = false;

  function observe(serverNow: number): void {
    localNow.value = steadyNow();
    clock.value = observeServerTime(isGuessed ? UNSET_CLOCK : clock.peek(), serverNow, localNow.peek());
    isGuessed = false;
  }
  const advance = (heard: number | null): void => {
    if (heard !== null && heard > (lastHeard.peek() ?? Number.NEGATIVE_INFINITY)) lastHeard.value = heard;
  };

  return {
    badge: computed(() => selectBadge(state.value, freshness.value, hasPicture.value)),
    freshness,
    lastHeard,
    now,
    localNow,
    readState: (next) => {
      localNow.value = steadyNow();
      state.value = next;
    },
    readSnapshot: (snapshot) => {
      observe(snapshot.now);
      lastHeard.value = snapshot.lastHeard;
    },
    readPulse: (pulse) => {
      observe(pulse.now);
      advance(pulse.lastHeard);
    },
    readCommit: advance,
    readSleep: (missedMs) => {
      clock.value = clock.peek().map((offset) => offset + missedMs);
      isGuessed = true;
    },
    tick: () => {
      localNow.value = steadyNow();
    },
  };
}
