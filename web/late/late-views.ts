/** What is fetched when it is first wanted: each is a file of its own. */
import { lateFile } from './late-file.ts';
import { lateView } from './late-view.tsx';

/** Their names beside the page's; vite.config.ts puts them here. */
declare const DRAIN_VIEW_FILE: string;
declare const DRAWERS_FILE: string;
declare const FLEET_VIEW_FILE: string;
declare const GROUP_BOARD_FILE: string;
declare const MIGRATIONS_VIEW_FILE: string;
declare const SCRUBBER_FILE: string;
declare const TABLE_VIEW_FILE: string;

const drain = lateFile(
  () => import('../drain/drain-view.tsx'),
  () => DRAIN_VIEW_FILE,
);
const drawers = lateFile(
  () => import('../details/drawers.tsx'),
  () => DRAWERS_FILE,
);
const fleet = lateFile(
  () => import('../fleet/fleet-view.tsx'),
  () => FLEET_VIEW_FILE,
);
const groups = lateFile(
  () => import('../arranging/group-board.tsx'),
  () => GROUP_BOARD_FILE,
);
const migrations = lateFile(
  () => import('../migrations/migrations-view.tsx'),
  () => MIGRATIONS_VIEW_FILE,
);
const scrubber = lateFile(
  () => import('../history/scrubber.tsx'),
  () => SCRUBBER_FILE,
);
const table = lateFile(
  () => import('../table/table-view.tsx'),
  () => TABLE_VIEW_FILE,
);

export const DrainView = lateView(drain, (file) => file.DrainView);
export const FleetView = lateView(fleet, (file) => file.FleetView);
export const GroupBoard = lateView(groups, (file) => file.GroupBoard);
export const MigrationsView = lateView(migrations, (file) => file.MigrationsView);
export const TableView = lateView(table, (file) => file.TableView);
export const Drawers = lateView(drawers, (file) => file.Drawers, true);
export const PastGate = lateView(scrubber, (file) => file.PastGate);
export const Scrubber = lateView(scrubber, (file) => file.Scrubber, true);
export const isScrubberMissing = scrubber.isMissing;
