/** The past of the board that is open, shared by all that speak of it. */
import { computed, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import { useSession } from '../context.ts';
import type { ClusterSession } from './cluster-session.ts';
import { createHistoryModel, type HistoryModel } from './history-model.ts';
import { type PageStateModel, usePageState } from './page-state-model.ts';
import { createTimelineModel, type TimelineModel } from './timeline-model.ts';

export interface BoardHistory {
  readonly history: HistoryModel;
  readonly timeline: TimelineModel;
  /** The reader has opened the scrubber. */
  readonly isOpen: Signal<boolean>;
  /** The scrubber is there: opened, or because the past is shown or asked for. */
  readonly isShown: ReadonlySignal<boolean>;
  /** Opens it, or closes it, which means the present. */
  toggle(): void;
}

const known = new WeakMap<ClusterSession, BoardHistory>();

function historyOf(session: ClusterSession, pageState: PageStateModel): BoardHistory {
  const found = known.get(session);
  if (found !== undefined) return found;
  const history = createHistoryModel(session, pageState);
  const isOpen = signal(false);
  const isShown = computed(() => isOpen.value || pageState.state.value.at !== null || session.connection.past.value !== null);
  function toggle(): void {
    const wasShown = isShown.peek();
    isOpen.value = !wasShown;
    if (wasShown) history.live();
  }
  const created = { history, timeline: createTimelineModel(session, history), isOpen, isShown, toggle };
  known.set(session, created);
  return created;
}

export const useHistory = (): BoardHistory => historyOf(useSession(), usePageState());
