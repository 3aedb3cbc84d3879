/** The past of the board that is open, shared by all that show it. */
import { entry } from '../../core/entry.ts';
import { useSession } from '../page/context.ts';
import { type PageStateModel, usePageState } from '../page/page-state-model.ts';
import type { ClusterSession } from '../stream/cluster-session.ts';
import { createHistoryModel, type HistoryModel } from './history-model.ts';
import { pastOpeningOf } from './past-opening.ts';
import { createTimelineModel, type TimelineModel } from './timeline-model.ts';

export interface BoardHistory {
  readonly history: HistoryModel;
  readonly timeline: TimelineModel;
}

const known = new WeakMap<ClusterSession, BoardHistory>();

const historyOf = (session: ClusterSession, pageState: PageStateModel): BoardHistory =>
  entry(known, session, () => {
    const history = createHistoryModel(session, pageState, pastOpeningOf(session, pageState));
    return { history, timeline: createTimelineModel(session, history) };
  });

export const useHistory = (): BoardHistory => historyOf(useSession(), usePageState());
