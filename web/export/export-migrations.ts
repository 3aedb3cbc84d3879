/** The list of migrations to take away; only its view needs it. Pure. */
import type { MigrationRecord, RunningMigration } from '../../core/history.ts';
import { causeOf } from '../../core/model.ts';
import { csvFile, type ExportFile, type ExportPicture, jsonFile } from './export.ts';
import { textOf, timeOf } from './export-columns.ts';
import type { Column } from './export-csv.ts';

/** Its stages are left out where they are not known. */
type RunningRow = Omit<RunningMigration, 'stages'> & Partial<Pick<RunningMigration, 'stages'>>;
/** A migration under way has no `outcome`, one that is over no `stage`. */
export type MigrationRow = RunningRow | MigrationRecord;

const recordOf = (row: MigrationRow): MigrationRecord | undefined => ('outcome' in row ? row : undefined);
const runningOf = (row: MigrationRow): RunningRow | undefined => ('outcome' in row ? undefined : row);

const MIGRATION_COLUMNS: readonly Column<MigrationRow>[] = [
  { name: 'id', cell: ({ id }) => id },
  { name: 'vm', cell: ({ vm }) => vm },
  { name: 'stage', cell: (row) => runningOf(row)?.stage },
  { name: 'outcome', cell: (row) => recordOf(row)?.outcome },
  { name: 'cause', cell: (row) => ('outcome' in row ? row : causeOf(row)).cause },
  { name: 'evidence', cell: (row) => ('outcome' in row ? row : causeOf(row)).evidence },
  { name: 'from', cell: ({ from }) => from },
  { name: 'to', cell: ({ to }) => to },
  { name: 'requested', cell: ({ requested }) => requested },
  { name: 'startedAt', cell: ({ startedAt }) => timeOf(startedAt) },
  { name: 'endedAt', cell: (row) => timeOf(recordOf(row)?.endedAt) },
  { name: 'recordedAt', cell: (row) => timeOf(recordOf(row)?.recordedAt) },
  { name: 'reason', cell: (row) => recordOf(row)?.reason },
  { name: 'trouble', cell: (row) => recordOf(row)?.trouble },
  { name: 'waitingFor', cell: (row) => textOf(runningOf(row)?.waitingFor) },
  { name: 'suspended', cell: (row) => runningOf(row)?.suspended },
  { name: 'peer.direction', cell: (row) => runningOf(row)?.peer?.direction },
  { name: 'peer.host', cell: (row) => runningOf(row)?.peer?.host },
  { name: 'tries', cell: (row) => recordOf(row)?.tries },
  { name: 'blackoutMs', cell: (row) => recordOf(row)?.blackoutMs },
];

export const exportMigrationsCsv = (rows: readonly MigrationRow[], picture: ExportPicture): ExportFile =>
  csvFile('migrations', MIGRATION_COLUMNS, rows, picture);

export const exportMigrationsJson = (migrations: readonly MigrationRow[], picture: ExportPicture): ExportFile =>
  jsonFile('migrations', { migrations }, picture);
