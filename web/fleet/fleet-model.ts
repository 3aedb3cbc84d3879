/** All clusters, followed by one stream: stream → plain state → signals, one commit an animation frame. */
import { computed, effect, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import { isEqualJson } from '../../core/equal.ts';
import { applyFleetFrame, type FleetFrame, type FleetState, fleetStateOf } from '../../core/fleet.ts';
import type { ClusterName } from '../../core/model.ts';
import { err } from '../../core/result.ts';
import { followPageLife } from '../page/page-life.ts';
import { scheduleFrame } from '../rendering/frame.ts';
import { commitAtOnce } from '../rendering/rendering.ts';
import { type ConnectionModel, createConnectionModel } from '../stream/connection-model.ts';
import { BROWSER_PLATFORM, openStream } from '../stream/stream.ts';
import { cardOf, type FleetCard, momentOf } from './fleet-card.ts';
import { holdSections, type Section, selectSections } from './fleet-order.ts';
import { type CardWords, type FleetQuery, matchesCard } from './fleet-query.ts';
import { FLEET_SOURCE, type FleetPicture } from './fleet-source.ts';
import { type FleetTotals, totalsOf } from './fleet-totals.ts';

export interface FleetModel {
  readonly connection: ConnectionModel;
  /** False until the first answer: before it nothing is known, not even that there are no clusters. */
  readonly hasPicture: ReadonlySignal<boolean>;
  /** The page hears the fleet, so that the picture is of now. */
  readonly isFresh: ReadonlySignal<boolean>;
  /** Of which moment the cards are (fleet-card.ts); null before the first answer. */
  readonly moment: ReadonlySignal<number | null>;
  /** The viewer may see some clusters only. */
  readonly isPartial: ReadonlySignal<boolean>;
  readonly totals: ReadonlySignal<FleetTotals>;
  /** Of all clusters, shown or not. */
  readonly names: ReadonlySignal<readonly ClusterName[]>;
  /** What is shown, in its order; each of the names has a card. */
  readonly sections: ReadonlySignal<readonly Section[]>;
  /** What is shown is not in its order any more, because it is held. */
  readonly isOutOfOrder: ReadonlySignal<boolean>;
  /** Undefined once it is gone. */
  card(name: ClusterName): FleetCard | undefined;
  /** While this says so, nothing in the list changes its place. Answers how to end that. */
  hold(isHeld: () => boolean): () => void;
  /** What holds may have ended. */
  look(): void;
  /** The visitor has signed in. */
  admit(): void;
  close(): void;
}

/** What the reader wants to see, and the words by which it is found. */
export interface FleetWish {
  readonly query: FleetQuery;
  readonly words: CardWords;
}

/** Another wish is met at once, whatever is held. */
export function openFleet(wish: ReadonlySignal<FleetWish>): FleetModel {
  const hasPicture = signal(false);
  const isPartial = signal(false);
  const totals = signal(totalsOf([]));
  const sections = signal<readonly Section[]>([]);
  const isOutOfOrder = signal(false);
  const cards = new Map<ClusterName, Signal<FleetCard>>();
  const names = signal<readonly ClusterName[]>([]);
  const connection = createConnectionModel(BROWSER_PLATFORM.now, hasPicture);
  const isFresh = computed(() => connection.badge.value.kind !== 'refused' && connection.freshness.value === 'live');
  const moment = computed(() => {
    const { present, lastHeard } = connection;
    return present.value === null || lastHeard.value === null ? null : momentOf(present.value, lastHeard.value);
  });

  let state: { readonly cursor: string | null; readonly clusters: FleetState['clusters'] } | null = null;
  let isSomeOnly = false;
  let isHeld = (): boolean => false;
  let isToSort = false;
  let cancel: (() => void) | null = null;

  function paint(): void {
    const now = moment.peek();
    if (state === null || now === null) return;
    const all = [...state.clusters.values()].map((summary) => cardOf(summary, now));
    for (const card of all) put(card);
    for (const name of cards.keys()) if (!state.clusters.has(name)) cards.delete(name);
    set(names, [...cards.keys()]);
    set(totals, totalsOf(all));
    arrange(all);
    isPartial.value = isSomeOnly;
    hasPicture.value = true;
    document.documentElement.dataset.cursor = state.cursor ?? '';
  }

  function arrange(all: readonly FleetCard[]): void {
    const { query, words } = wish.peek();
    const found = all.filter((card) => matchesCard(card, query.text, words));
    const next = selectSections(found, query);
    const shown = !isToSort && isHeld() ? holdSections(sections.peek(), new Set(cards.keys()), next) : next;
    isToSort = false;
    set(sections, shown);
    isOutOfOrder.value = !isEqualJson(shown, next);
  }

  function put(card: FleetCard): void {
    const painted = cards.get(card.summary.cluster);
    if (painted === undefined) cards.set(card.summary.cluster, signal(card));
    else set(painted, card);
  }

  function wake(): void {
    cancel ??= scheduleFrame(() => {
      cancel = null;
      commitAtOnce(paint);
    });
  }

  const stream = openStream<FleetPicture, FleetFrame>(FLEET_SOURCE, {
    cursor: () => state?.cursor ?? null,
    drift: () => null,
    readSnapshot: ({ cursor, now, partial, clusters }) => {
      state = { cursor, clusters: fleetStateOf({ cursor: '', clusters }).clusters };
      isSomeOnly = partial === true;
      connection.readSnapshot({ now, lastHeard: now });
      wake();
    },
    readFrame: (frame) => {
      if (state === null || state.cursor === null) return err('gap');
      const applied = applyFleetFrame({ ...state, cursor: state.cursor }, frame);
      if (!applied.ok) return applied;
      state = applied.value;
      connection.readCommit(frame.at);
      wake();
      return applied;
    },
    // Of each cluster its summary tells when it was heard; here it is the fleet that speaks.
    readPulse: (pulse) => connection.readPulse({ ...pulse, lastHeard: pulse.now }),
    readProgress: () => {},
    readState: connection.readState,
  });

  const endLife = followPageLife(stream, connection);
  // With each second something can have fallen silent, or be an hour old.
  const endTicks = effect(() => {
    moment.value;
    wake();
  });
  const endWishes = effect(() => {
    wish.value;
    isToSort = true;
    wake();
  });

  return {
    connection,
    hasPicture,
    isFresh,
    moment,
    isPartial,
    totals,
    names,
    sections,
    isOutOfOrder,
    card: (name) => {
      // What is not known has no signal, and what comes again has another one: whoever asks looks again when clusters come or go.
      names.value;
      return cards.get(name)?.value;
    },
    hold(asked) {
      isHeld = asked;
      return () => {
        isHeld = () => false;
      };
    },
    look: wake,
    admit: stream.admit,
    close() {
      endLife();
      endTicks();
      endWishes();
      stream.close();
      cancel?.();
      delete document.documentElement.dataset.cursor;
    },
  };
}

function set<Value>(painted: Signal<Value>, next: Value): void {
  if (!isEqualJson(painted.peek(), next)) painted.value = next;
}
