/**
 * What a reader takes away: CSV and JSON of what is shown, which say of which moment they are. Pure: the file is put together here, and
 * saved by export-download.ts.
 */
import type { Freshness } from '../../core/freshness.ts';
import type { ClusterName, Vm } from '../../core/model.ts';
import type { Badge } from '../stream/badge.ts';
import { isoTime } from '../words/iso-time.ts';
import { HOST_COLUMNS, type HostRow, VM_COLUMNS, withoutVainYes } from './export-columns.ts';
import { type Column, formatCsvHead, formatCsvLine, unfence } from './export-csv.ts';

/** Of which picture the rows are. Times in milliseconds, on the room's clock. */
export interface ExportPicture {
  readonly cluster: ClusterName;
  readonly displayName: string;
  readonly cursor: string | null;
  /** What the badge said. Whatever is not `live` stands in the file's name. */
  readonly kind: Badge['kind'];
  readonly freshness: Freshness;
  /** The moment that is painted. */
  readonly now: number | null;
  readonly lastHeard: number | null;
  /** The time of the export, also where the past is painted. */
  readonly present: number | null;
  /** What was searched for, where that leaves rows out; null for everything. */
  readonly filter: { readonly query: string; readonly listed: number; readonly of: number } | null;
  /** There are, or may be, others that the page has not read. */
  readonly isPart?: boolean;
}

/** Text in pieces, each soon made: a large cluster's is made between two frames of the page, and not in one. */
export interface ExportFile {
  readonly name: string;
  readonly type: string;
  readonly pieces: Iterable<string>;
}

/** What a CSV is a table of, as its name says; VMs are the usual one. */
type Kind = 'vms' | 'hosts' | 'migrations';

export const exportVmsCsv = (vms: readonly Vm[], picture: ExportPicture): ExportFile => csvFile('vms', VM_COLUMNS, vms, picture);

export const exportHostsCsv = (rows: readonly HostRow[], picture: ExportPicture): ExportFile =>
  csvFile('hosts', HOST_COLUMNS, honest(rows, picture), picture);

/** Hosts and VMs as the read API has them, with times in milliseconds; of which picture they are is told in ISO 8601. */
export function exportJson(vms: readonly Vm[], rows: readonly HostRow[], picture: ExportPicture): ExportFile {
  const hosts = honest(rows, picture).map(({ host, ...counts }) => ({ ...host, ...counts }));
  return jsonFile('vms', { hosts, vms }, picture);
}

/**
 * A picture that is not live stands for the moment at which the cluster last spoke, however late it is exported. A live one holds at least
 * until then: the page's idea of the room's time is a little late, and asked for that moment the room would answer with the picture before.
 */
export const momentOf = ({ kind, now, lastHeard }: Pick<ExportPicture, 'kind' | 'now' | 'lastHeard'>): number | null =>
  kind === 'past' || (kind === 'live' && now !== null && now > (lastHeard ?? 0)) ? now : (lastHeard ?? now);

/** `hostview-harvester-20261126T030010Z-e1.42.csv`; what is not the usual stands before the time: `-hosts`, `-filtered`, `-part`, `-past`. */
export function nameFile(kind: Kind, extension: 'csv' | 'json', picture: ExportPicture): string {
  const at = momentOf(picture);
  const parts = [
    'hostview',
    picture.cluster,
    kind === 'vms' ? null : kind,
    picture.filter === null ? null : 'filtered',
    picture.isPart ? 'part' : null,
    picture.kind === 'live' ? null : picture.kind,
    at === null ? null : isoTime(at).replace(/[-:]|\.\d+/g, ''),
    picture.cursor?.replace('-', '.') ?? null,
  ];
  return `${parts.filter((part) => part !== null).join('-')}.${extension}`;
}

const honest = (rows: readonly HostRow[], { kind }: ExportPicture): HostRow[] => rows.map((row) => withoutVainYes(row, kind === 'live'));

/** In each line of a CSV, so that lines of several files can stand in one table; at the top of a JSON. */
const factsOf = (picture: ExportPicture) => ({
  cluster: picture.cluster,
  cursor: picture.cursor,
  picture: picture.kind,
  freshness: picture.freshness,
  at: timeOf(momentOf(picture)),
  lastHeard: timeOf(picture.lastHeard),
  exportedAt: timeOf(picture.present),
});

export function csvFile<Row>(kind: Kind, columns: readonly Column<Row>[], rows: readonly Row[], picture: ExportPicture): ExportFile {
  const facts = Object.entries(factsOf(picture)).map(([name, value]): Column<Row> => ({ name, cell: () => value }));
  return { name: nameFile(kind, 'csv', picture), type: 'text/csv;charset=utf-8', pieces: csvPieces([...facts, ...columns], rows) };
}

function* csvPieces<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): Generator<string> {
  yield formatCsvHead(columns);
  for (const row of rows) yield formatCsvLine(columns, row);
}

export function jsonFile(kind: Kind, lists: Readonly<Record<string, readonly unknown[]>>, picture: ExportPicture): ExportFile {
  const { displayName, filter, isPart } = picture;
  const head = { ...factsOf(picture), displayName, filter, partial: isPart || undefined };
  return { name: nameFile(kind, 'json', picture), type: 'application/json', pieces: jsonPieces(head, lists) };
}

/** One line for each entity. */
function* jsonPieces(head: object, lists: Readonly<Record<string, readonly unknown[]>>): Generator<string> {
  yield jsonOf(head).slice(0, -1);
  for (const [name, items] of Object.entries(lists)) {
    yield `,\n"${name}":[`;
    for (const [index, item] of items.entries()) yield `${index === 0 ? '' : ','}\n${jsonOf(item)}`;
    yield ']';
  }
  yield '}\n';
}

const jsonOf = (value: unknown): string => unfence(JSON.stringify(value));
const timeOf = (at: number | null): string | null => (at === null ? null : isoTime(at));
