/** The list of migrations to take away; only its view needs it. Pure. */
import type { MigrationRecord, RunningMigration } from '../../core/history.ts';
import { causeOf } from '../../core/model.ts';
import { csvFile, type ExportFile, type ExportPicture, jsonFile } from './export.ts';
import { fieldsOf, textOf, timeOf } from './export-columns.ts';
import type { Column } from './export-csv.ts';

/** Its stages are left out where they are not known. */
type RunningRow = Omit<RunningMigration, 'stages'> & Partial<Pick<RunningMigration, 'stages'>>;
/** A migration under way has no `outcome`, one that is over no `stage`. */
export type MigrationRow = RunningRow | MigrationRecord;

const recordOf = (row: MigrationRow): MigrationRecord | undefined => ('outcome' in row ? row : undefined);
const runningOf = (row: MigrationRow): RunningRow | undefined => ('outcome' in row ? undefined : row);

const MIGRATION_COLUMNS: readonly Column<MigrationRow>[] = [
  ...fieldsOf('', (row: MigrationRow) => row, 'id', 'vm'),
  ...fieldsOf('', runningOf, 'stage'),
  ...fieldsOf('', recordOf, 'outcome'),
  ...fieldsOf('', (row: MigrationRow) => ('outcome' in row ? row : causeOf(row)), 'cause', 'evidence'),
  ...fieldsOf('', (row: MigrationRow) => row, 'from', 'to', 'requested'),
  { name: 'startedAt', cell: ({ startedAt }) => timeOf(startedAt) },
  { name: 'endedAt', cell: (row) => timeOf(recordOf(row)?.endedAt) },
  { name: 'recordedAt', cell: (row) => timeOf(recordOf(row)?.recordedAt) },
  ...fieldsOf('', recordOf, 'reason', 'trouble'),
  { name: 'waitingFor', cell: (row) => textOf(runningOf(row)?.waitingFor) },
  ...fieldsOf('', runningOf, 'suspended'),
  ...fieldsOf('peer.', (row: MigrationRow) => runningOf(row)?.peer, 'direction', 'host'),
  ...fieldsOf('', recordOf, 'tries', 'blackoutMs'),
];

export const exportMigrationsCsv = (rows: readonly MigrationRow[], picture: ExportPicture): ExportFile =>
  csvFile('migrations', MIGRATION_COLUMNS, rows, picture);

export const exportMigrationsJson = (migrations: readonly MigrationRow[], picture: ExportPicture): ExportFile =>
  jsonFile('migrations', { migrations }, picture);
