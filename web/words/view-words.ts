/** The words of each view, which come with it (late/late-views.ts). What several views say is in late-words.ts. */

import type { DetailsMessages } from '../details/details-words-en.ts';
import type { DrainMessages } from '../drain/drain-words-en.ts';
import type { AddClusterMessages } from '../fleet/add-cluster-words-en.ts';
import type { FleetMessages } from '../fleet/fleet-words-en.ts';
import type { PastMessages } from '../history/past-words-en.ts';
import type { MigrationsMessages } from '../migrations/migrations-words-en.ts';
import { usePage } from '../page/context.ts';
import type { TableMessages } from '../table/table-words-en.ts';
import { type LateWords, lateWords, wordsFile, wordsOf } from './words-file.ts';

/** Their names beside the page's; vite.config.ts puts them here. */
declare const ADD_CLUSTER_WORDS_EN_FILE: string;
declare const ADD_CLUSTER_WORDS_ZH_HANS_FILE: string;
declare const DETAILS_WORDS_EN_FILE: string;
declare const DETAILS_WORDS_ZH_HANS_FILE: string;
declare const DRAIN_WORDS_EN_FILE: string;
declare const DRAIN_WORDS_ZH_HANS_FILE: string;
declare const FLEET_WORDS_EN_FILE: string;
declare const FLEET_WORDS_ZH_HANS_FILE: string;
declare const MIGRATIONS_WORDS_EN_FILE: string;
declare const MIGRATIONS_WORDS_ZH_HANS_FILE: string;
declare const PAST_WORDS_EN_FILE: string;
declare const PAST_WORDS_ZH_HANS_FILE: string;
declare const TABLE_WORDS_EN_FILE: string;
declare const TABLE_WORDS_ZH_HANS_FILE: string;

export const addClusterWords = lateWords<AddClusterMessages>({
  en: wordsFile(
    () => import('../fleet/add-cluster-words-en.ts'),
    () => ADD_CLUSTER_WORDS_EN_FILE,
    ({ enAddCluster }) => enAddCluster,
  ),
  'zh-Hans': wordsFile(
    () => import('../fleet/add-cluster-words-zh-hans.ts'),
    () => ADD_CLUSTER_WORDS_ZH_HANS_FILE,
    ({ zhHansAddCluster }) => zhHansAddCluster,
  ),
});
export const detailsWords = lateWords<DetailsMessages>({
  en: wordsFile(
    () => import('../details/details-words-en.ts'),
    () => DETAILS_WORDS_EN_FILE,
    ({ enDetails }) => enDetails,
  ),
  'zh-Hans': wordsFile(
    () => import('../details/details-words-zh-hans.ts'),
    () => DETAILS_WORDS_ZH_HANS_FILE,
    ({ zhHansDetails }) => zhHansDetails,
  ),
});
export const drainWords = lateWords<DrainMessages>({
  en: wordsFile(
    () => import('../drain/drain-words-en.ts'),
    () => DRAIN_WORDS_EN_FILE,
    ({ enDrain }) => enDrain,
  ),
  'zh-Hans': wordsFile(
    () => import('../drain/drain-words-zh-hans.ts'),
    () => DRAIN_WORDS_ZH_HANS_FILE,
    ({ zhHansDrain }) => zhHansDrain,
  ),
});
export const fleetWords = lateWords<FleetMessages>({
  en: wordsFile(
    () => import('../fleet/fleet-words-en.ts'),
    () => FLEET_WORDS_EN_FILE,
    ({ enFleet }) => enFleet,
  ),
  'zh-Hans': wordsFile(
    () => import('../fleet/fleet-words-zh-hans.ts'),
    () => FLEET_WORDS_ZH_HANS_FILE,
    ({ zhHansFleet }) => zhHansFleet,
  ),
});
export const migrationsWords = lateWords<MigrationsMessages>({
  en: wordsFile(
    () => import('../migrations/migrations-words-en.ts'),
    () => MIGRATIONS_WORDS_EN_FILE,
    ({ enMigrations }) => enMigrations,
  ),
  'zh-Hans': wordsFile(
    () => import('../migrations/migrations-words-zh-hans.ts'),
    () => MIGRATIONS_WORDS_ZH_HANS_FILE,
    ({ zhHansMigrations }) => zhHansMigrations,
  ),
});
export const pastWords = lateWords<PastMessages>({
  en: wordsFile(
    () => import('../history/past-words-en.ts'),
    () => PAST_WORDS_EN_FILE,
    ({ enPast }) => enPast,
  ),
  'zh-Hans': wordsFile(
    () => import('../history/past-words-zh-hans.ts'),
    () => PAST_WORDS_ZH_HANS_FILE,
    ({ zhHansPast }) => zhHansPast,
  ),
});
export const tableWords = lateWords<TableMessages>({
  en: wordsFile(
    () => import('../table/table-words-en.ts'),
    () => TABLE_WORDS_EN_FILE,
    ({ enTable }) => enTable,
  ),
  'zh-Hans': wordsFile(
    () => import('../table/table-words-zh-hans.ts'),
    () => TABLE_WORDS_ZH_HANS_FILE,
    ({ zhHansTable }) => zhHansTable,
  ),
});

const useWordsOf = <Words>(words: LateWords<Words>): Words => wordsOf(words, usePage().settings.language.value);

export const useAddClusterWords = (): AddClusterMessages => useWordsOf(addClusterWords);
export const useDetailsWords = (): DetailsMessages => useWordsOf(detailsWords);
export const useDrainWords = (): DrainMessages => useWordsOf(drainWords);
export const useFleetWords = (): FleetMessages => useWordsOf(fleetWords);
export const useMigrationsWords = (): MigrationsMessages => useWordsOf(migrationsWords);
export const usePastWords = (): PastMessages => useWordsOf(pastWords);
export const useTableWords = (): TableMessages => useWordsOf(tableWords);
