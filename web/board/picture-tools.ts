/** What the late parts keep of one open board: its picture, what the search finds in it, and its order. */
import { computed, useComputed } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import { entry } from '../../core/entry.ts';
import { type ArrangementModel, createArrangement } from '../arranging/arrangement-model.ts';
import { createLabels, type LabelModel } from '../arranging/label-model.ts';
import { usePage, useSession } from '../page/context.ts';
import { pageStateOf } from '../page/page-state-model.ts';
import type { RouteModel } from '../page/route-model.ts';
import { DOCUMENT_MARKS } from '../search/filter-marks.ts';
import { createFilter, type FilterModel } from '../search/filter-model.ts';
import type { SettingsModel } from '../settings/settings-model.ts';
import type { ClusterSession } from '../stream/cluster-session.ts';
import { valueWordsOf } from '../words/value-words.ts';
import { createPicture, type PictureModel } from './picture-model.ts';

export interface PictureTools {
  readonly picture: PictureModel;
  readonly filter: FilterModel;
  readonly order: ArrangementModel;
  readonly labels: LabelModel;
}

const tools = new WeakMap<ClusterSession, PictureTools>();

/** There is one set for each session; arranging/arranging.tsx lets it live. */
const toolsOf = (session: ClusterSession, route: RouteModel, settings: SettingsModel): PictureTools =>
  entry(tools, session, () => createTools(session, route, settings));

function createTools(session: ClusterSession, route: RouteModel, settings: SettingsModel): PictureTools {
  const page = pageStateOf(route);
  const picture = createPicture(session);
  const filter = createFilter({ session, picture, page, words: computed(() => valueWordsOf(settings)), marks: DOCUMENT_MARKS });
  return { picture, filter, order: createArrangement(session, picture, page), labels: createLabels(picture) };
}

export function usePictureTools(): PictureTools {
  const session = useSession();
  const { route, settings } = usePage();
  return useMemo(() => toolsOf(session, route, settings), [session, route, settings]);
}

export const useFilter = (): FilterModel => usePictureTools().filter;

/** How many VMs there are, for those who must not be rendered anew with each other count that changes. */
export function useVmCount(): number {
  const { counts } = useSession().cluster;
  return useComputed(() => counts.value.vms).value;
}
