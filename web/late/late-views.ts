/** What is fetched when it is first wanted: each is a file of its own, with its words in another (words/view-words.ts). */
import type { Language } from '../words/i18n.ts';
import { partsWords } from '../words/late-words.ts';
import {
  addClusterWords,
  detailsWords,
  drainWords,
  fleetWords,
  helpWords,
  migrationsWords,
  pastWords,
  tableWords,
} from '../words/view-words.ts';
import { lateFile } from './late-file.ts';
import { lateView } from './late-view.tsx';

const addCluster = lateFile(() => import('../fleet/add-cluster-panel.tsx'));
const drain = lateFile(() => import('../drain/drain-view.tsx'));
const drawers = lateFile(() => import('../details/drawers.tsx'));
const fleet = lateFile(() => import('../fleet/fleet-view.tsx'));
const groups = lateFile(() => import('../arranging/group-board.tsx'));
const keyHelp = lateFile(() => import('../settings/key-help.tsx'));
const migrations = lateFile(() => import('../migrations/migrations-view.tsx'));
const scrubber = lateFile(() => import('../history/scrubber.tsx'));
const table = lateFile(() => import('../table/table-view.tsx'));

export const DrainView = lateView(drain, drainWords, (file) => file.DrainView);
export const FleetView = lateView(fleet, fleetWords, (file) => file.FleetView);
export const GroupBoard = lateView(groups, partsWords, (file) => file.GroupBoard);
export const MigrationsView = lateView(migrations, migrationsWords, (file) => file.MigrationsView);
export const WallView = lateView(fleet, fleetWords, (file) => file.WallView);
export const TableView = lateView(table, tableWords, (file) => file.TableView);
export const AddCluster = lateView(addCluster, addClusterWords, (file) => file.AddCluster, true);
export const Drawers = lateView(drawers, detailsWords, (file) => file.Drawers, true);
export const KeyHelp = lateView(keyHelp, helpWords, (file) => file.KeyHelp, true);
export const PastGate = lateView(scrubber, pastWords, (file) => file.PastGate);
export const Scrubber = lateView(scrubber, pastWords, (file) => file.Scrubber, true);
export const isScrubberMissing = (language: Language): boolean => scrubber.isMissing.value || pastWords.isMissing(language);
