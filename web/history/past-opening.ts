/**
 * Whether somebody looks at a board's past: what every board needs to know of it. What asks for the past and shows it comes with the scrubber
 * (history-model.ts), once it is wanted.
 */
import { computed, effect, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import { entry } from '../../core/entry.ts';
import { useSession } from '../page/context.ts';
import type { PageState } from '../page/page-state.ts';
import { type PageStateModel, usePageState } from '../page/page-state-model.ts';
import type { ClusterSession } from '../stream/cluster-session.ts';

const opened = signal(false);
/**
 * Whether a picture may be shown though the address names a moment: not before the past was painted, or the present was what the reader had
 * asked for.
 */
export const isPastOpened: ReadonlySignal<boolean> = opened;

/** Whether the address names a moment before which no picture may be shown. A wall shows the present, whatever else its address names. */
export const isPastAwaited = ({ at, wall }: Pick<PageState, 'at' | 'wall'>): boolean => at !== null && wall === null && !opened.value;

export interface PastOpening {
  /** The reader has opened the scrubber. */
  readonly isOpen: Signal<boolean>;
  /** The past is asked for: by that, or by the address. */
  readonly isWanted: ReadonlySignal<boolean>;
  /** The scrubber is there: wanted, or the past is still painted. */
  readonly isShown: ReadonlySignal<boolean>;
  /** Opens the scrubber, or closes it, which means the present. */
  toggle(): void;
  /** Keeps {@link isPastOpened} of this board, and what its connection is told of it, until what it answers is called. */
  start(): () => void;
}

export function createPastOpening(
  { cluster, connection }: Pick<ClusterSession, 'cluster' | 'connection'>,
  { state, go }: Pick<PageStateModel, 'state' | 'go'>,
): PastOpening {
  const isOpen = signal(false);
  const isWanted = computed(() => isOpen.value || state.value.at !== null);
  const isShown = computed(() => isWanted.value || connection.past.value !== null);
  return {
    isOpen,
    isWanted,
    isShown,
    toggle() {
      const wasShown = isShown.peek();
      isOpen.value = !wasShown;
      if (wasShown && state.peek().at !== null) go({ at: null });
    },
    start() {
      opened.value = false;
      const stop = effect(() => {
        if (state.value.at === null || connection.past.value !== null) opened.value = true;
        // Before there is a picture the badge says how the connection is: that is why there is none.
        connection.isPastAwaited.value = cluster.hasPicture.value && isPastAwaited(state.value);
      });
      return () => {
        stop();
        opened.value = false;
        connection.isPastAwaited.value = false;
      };
    },
  };
}

const known = new WeakMap<ClusterSession, PastOpening>();

export const pastOpeningOf = (session: ClusterSession, pageState: PageStateModel): PastOpening =>
  entry(known, session, () => createPastOpening(session, pageState));

export const usePastOpening = (): PastOpening => pastOpeningOf(useSession(), usePageState());
