/** What is known of the connection and of the cluster's freshness, on the room's clock. */
import { computed, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { Pulse, Snapshot } from '../../core/downlink.ts';
import { type Freshness, freshnessOf } from '../../core/freshness.ts';
import { type Badge, selectBadge } from './badge.ts';
import { type ConnectionState, INITIAL_CONNECTION } from './connection-state.ts';
import { observeServerTime, type ServerClock, serverTimeAt, UNSET_CLOCK } from './server-clock.ts';

/** A moment of the past that is painted, on the room's clock. */
export interface Past {
  readonly at: number;
  /** When the cluster had last spoken by then. */
  readonly lastHeard: number | null;
}

export interface ConnectionModel {
  /** Null while the present is painted. */
  readonly past: Signal<Past | null>;
  /** There is a picture of the present, and it is not shown, for the past is asked for: what is heard of the present is not what is shown. */
  readonly isPastAwaited: Signal<boolean>;
  readonly badge: ReadonlySignal<Badge>;
  readonly freshness: ReadonlySignal<Freshness>;
  readonly lastHeard: ReadonlySignal<number | null>;
  /** The moment that is painted, on the room's clock: the time, whole seconds apart, or the past one; null before the room was heard. */
  readonly now: ReadonlySignal<number | null>;
  /** Until when the painted picture is known to have held: {@link now} while the cluster speaks, else when it last did (D5). */
  readonly known: ReadonlySignal<number | null>;
  /** The time on the room's clock, also while the past is painted. */
  readonly present: ReadonlySignal<number | null>;
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
  const past = signal<Past | null>(null);
  const isPastAwaited = signal(false);
  const present = computed(() => serverTimeAt(clock.value, localNow.value));
  const now = computed(() => past.value?.at ?? present.value);
  const heard = computed(() => (past.value ?? { lastHeard: lastHeard.value }).lastHeard);
  const freshness = computed(() => (now.value === null ? 'waiting' : freshnessOf(heard.value, now.value)));

  let isGuessed = false;

  const tick = (): void => {
    localNow.value = steadyNow();
  };
  function observe(serverNow: number): void {
    tick();
    clock.value = observeServerTime(isGuessed ? UNSET_CLOCK : clock.peek(), serverNow, localNow.peek());
    isGuessed = false;
  }
  const advance = (heard: number | null): void => {
    if (heard !== null && heard > (lastHeard.peek() ?? Number.NEGATIVE_INFINITY)) lastHeard.value = heard;
  };

  return {
    past,
    isPastAwaited,
    badge: computed(() => {
      const badge = selectBadge(state.value, freshness.value, hasPicture.value);
      return (past.value === null && !isPastAwaited.value) || badge.kind === 'refused' ? badge : { kind: 'past' };
    }),
    freshness,
    lastHeard: heard,
    now,
    known: computed(() => (freshness.value === 'stale' ? heard.value : now.value)),
    present,
    localNow,
    readState: (next) => {
      tick();
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
    tick,
  };
}
