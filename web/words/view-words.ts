/** The words of each view, which come with it (late/late-views.ts). What several views say is in late-words.ts. */

import type { DetailsMessages } from '../details/details-words-en.ts';
import type { DrainMessages } from '../drain/drain-words-en.ts';
import type { AddClusterMessages } from '../fleet/add-cluster-words-en.ts';
import type { FleetMessages } from '../fleet/fleet-words-en.ts';
import type { PastMessages } from '../history/past-words-en.ts';
import type { MigrationsMessages } from '../migrations/migrations-words-en.ts';
import { usePage } from '../page/context.ts';
import type { HelpMessages } from '../settings/help-words-en.ts';
import type { TableMessages } from '../table/table-words-en.ts';
import { type LateWords, lateWords, wordsFile, wordsOf } from './words-file.ts';

export const addClusterWords = lateWords<AddClusterMessages>({
  en: wordsFile(
    () => import('../fleet/add-cluster-words-en.ts'),
    ({ enAddCluster }) => enAddCluster,
  ),
  'zh-Hans': wordsFile(
    () => import('../fleet/add-cluster-words-zh-hans.ts'),
    ({ zhHansAddCluster }) => zhHansAddCluster,
  ),
});
export const detailsWords = lateWords<DetailsMessages>({
  en: wordsFile(
    () => import('../details/details-words-en.ts'),
    ({ enDetails }) => enDetails,
  ),
  'zh-Hans': wordsFile(
    () => import('../details/details-words-zh-hans.ts'),
    ({ zhHansDetails }) => zhHansDetails,
  ),
});
export const drainWords = lateWords<DrainMessages>({
  en: wordsFile(
    () => import('../drain/drain-words-en.ts'),
    ({ enDrain }) => enDrain,
  ),
  'zh-Hans': wordsFile(
    () => import('../drain/drain-words-zh-hans.ts'),
    ({ zhHansDrain }) => zhHansDrain,
  ),
});
export const fleetWords = lateWords<FleetMessages>({
  en: wordsFile(
    () => import('../fleet/fleet-words-en.ts'),
    ({ enFleet }) => enFleet,
  ),
  'zh-Hans': wordsFile(
    () => import('../fleet/fleet-words-zh-hans.ts'),
    ({ zhHansFleet }) => zhHansFleet,
  ),
});
export const helpWords = lateWords<HelpMessages>({
  en: wordsFile(
    () => import('../settings/help-words-en.ts'),
    ({ enHelp }) => enHelp,
  ),
  'zh-Hans': wordsFile(
    () => import('../settings/help-words-zh-hans.ts'),
    ({ zhHansHelp }) => zhHansHelp,
  ),
});
export const migrationsWords = lateWords<MigrationsMessages>({
  en: wordsFile(
    () => import('../migrations/migrations-words-en.ts'),
    ({ enMigrations }) => enMigrations,
  ),
  'zh-Hans': wordsFile(
    () => import('../migrations/migrations-words-zh-hans.ts'),
    ({ zhHansMigrations }) => zhHansMigrations,
  ),
});
export const pastWords = lateWords<PastMessages>({
  en: wordsFile(
    () => import('../history/past-words-en.ts'),
    ({ enPast }) => enPast,
  ),
  'zh-Hans': wordsFile(
    () => import('../history/past-words-zh-hans.ts'),
    ({ zhHansPast }) => zhHansPast,
  ),
});
export const tableWords = lateWords<TableMessages>({
  en: wordsFile(
    () => import('../table/table-words-en.ts'),
    ({ enTable }) => enTable,
  ),
  'zh-Hans': wordsFile(
    () => import('../table/table-words-zh-hans.ts'),
    ({ zhHansTable }) => zhHansTable,
  ),
});

const useWordsOf = <Words>(words: LateWords<Words>): Words => wordsOf(words, usePage().settings.language.value);

export const useAddClusterWords = (): AddClusterMessages => useWordsOf(addClusterWords);
export const useDetailsWords = (): DetailsMessages => useWordsOf(detailsWords);
export const useDrainWords = (): DrainMessages => useWordsOf(drainWords);
export const useFleetWords = (): FleetMessages => useWordsOf(fleetWords);
export const useHelpWords = (): HelpMessages => useWordsOf(helpWords);
export const useMigrationsWords = (): MigrationsMessages => useWordsOf(migrationsWords);
export const usePastWords = (): PastMessages => useWordsOf(pastWords);
export const useTableWords = (): TableMessages => useWordsOf(tableWords);
