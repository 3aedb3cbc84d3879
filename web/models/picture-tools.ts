/** What the late parts keep of one open board: its picture, what the search finds in it, and its order. */
import { computed } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import { usePage, useSession } from '../context.ts';
import { DOCUMENT_MARKS } from '../filter-marks.ts';
import { valueWordsOf } from '../value-words.ts';
import { type ArrangementModel, createArrangement } from './arrangement-model.ts';
import type { ClusterSession } from './cluster-session.ts';
import { createFilter, type FilterModel } from './filter-model.ts';
import { createLabels, type LabelModel } from './label-model.ts';
import { pageStateOf } from './page-state-model.ts';
import { createPicture, type PictureModel } from './picture-model.ts';
import type { RouteModel } from './route-model.ts';
import type { SettingsModel } from './settings-model.ts';

export interface PictureTools {
  readonly picture: PictureModel;
  readonly filter: FilterModel;
  readonly order: ArrangementModel;
  readonly labels: LabelModel;
}

const tools = new WeakMap<ClusterSession, PictureTools>();

/** There is one set for each session; parts/arranging.tsx lets it live. */
export function toolsOf(session: ClusterSession, route: RouteModel, settings: SettingsModel): PictureTools {
  const known = tools.get(session);
  if (known !== undefined) return known;
  const page = pageStateOf(route);
  const picture = createPicture(session);
  const filter = createFilter({ session, picture, page, words: computed(() => valueWordsOf(settings)), marks: DOCUMENT_MARKS });
  const created = { picture, filter, order: createArrangement(session, picture, page), labels: createLabels(picture) };
  tools.set(session, created);
  return created;
}

export function usePictureTools(): PictureTools {
  const session = useSession();
  const { route, settings } = usePage();
  return useMemo(() => toolsOf(session, route, settings), [session, route, settings]);
}

export const useFilter = (): FilterModel => usePictureTools().filter;
