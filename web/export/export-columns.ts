/**
 * The columns of the exported tables. Their names are those of the model (core/model.ts), and so are their values: an export is read by
 * programs and by people of both languages. Times are ISO 8601 in UTC, memory is in bytes, durations are in milliseconds.
 */
import { lanesOf } from '../../core/lanes.ts';
import { causeOf, type Drain, type Host, type HostName, type Vm, type Wait } from '../../core/model.ts';
import { selectVerdict } from '../drain/drain-verdict.ts';
import { isoTime } from '../words/iso-time.ts';
import type { Cell, Column } from './export-csv.ts';

/** What is exported of a host. A picture that is not live has no yes to whether it may be powered off ({@link withoutVainYes}). */
export type ExportedHost = Omit<Host, 'drain'> & { readonly drain?: Omit<Drain, 'safe' | 'because'> & Partial<Drain> };

/** A host with what the board counts on its card. */
export interface HostRow {
  readonly name: HostName;
  /** Undefined where no Node of that name is known. */
  readonly host: ExportedHost | undefined;
  /** Settled and leaving. */
  readonly vms: number;
  readonly arriving: number;
  readonly leaving: number;
}

/** A yes that the page would not show (drain-verdict.ts) is not exported: somebody would power the host off by it. A no harms nobody. */
export function withoutVainYes(row: HostRow, isLive: boolean): HostRow {
  const drain = row.host?.drain;
  if (row.host === undefined || drain?.safe !== true || drain.because === undefined) return row;
  const shown = row.vms + row.arriving;
  if (selectVerdict({ drain: { safe: true, because: drain.because }, picture: isLive ? 'live' : 'old', shown }).answer !== 'unknown')
    return row;
  const { safe: _safe, because: _because, ...rest } = drain;
  return { ...row, host: { ...row.host, drain: rest } };
}

export const timeOf = (at: number | null | undefined): string | undefined => (at == null ? undefined : isoTime(at));
export const textOf = (wait: Wait | undefined): string | undefined => wait && [wait.reason, wait.detail].filter(Boolean).join(': ');
/** Keys and values hold neither of the signs between them. */
const labelsOf = ({ labels }: Vm): string =>
  Object.entries(labels ?? {})
    .map(([key, value]) => `${key}=${value}`)
    .join(' ');

type Fields<Name extends string> = { readonly [Key in Name]?: Cell };

/** Those that are exported as they are. */
export const fieldsOf = <Row, Name extends string>(
  path: string,
  part: (row: Row) => Fields<Name> | undefined,
  ...names: readonly Name[]
): Column<Row>[] => names.map((name) => ({ name: path + name, cell: (row) => part(row)?.[name] }));

const ofVm = (vm: Vm): Vm => vm;
const lastOf = (vm: Vm) => vm.lastMigration;
const causeIn = ({ transit }: Vm) => transit && causeOf(transit);
export const VM_COLUMNS: readonly Column<Vm>[] = [
  ...fieldsOf('', ofVm, 'namespace', 'name', 'displayName', 'host', 'state', 'reason'),
  { name: 'danger', cell: ({ danger }) => danger?.join(' ') },
  ...fieldsOf('', lanesOf, 'leaving', 'arriving'),
  ...fieldsOf('transit.', ({ transit }: Vm) => transit, 'stage', 'from', 'to', 'requested', 'suspended'),
  ...fieldsOf('transit.', causeIn, 'cause', 'evidence'),
  { name: 'transit.startedAt', cell: ({ transit }) => timeOf(transit?.startedAt) },
  { name: 'transit.waitingFor', cell: ({ transit }) => textOf(transit?.waitingFor) },
  ...fieldsOf('transit.peer.', ({ transit }: Vm) => transit?.peer, 'direction', 'host'),
  { name: 'evacuation.from', cell: ({ evacuation }) => evacuation?.from },
  { name: 'evacuation.waitingFor', cell: ({ evacuation }) => textOf(evacuation?.waitingFor) },
  ...fieldsOf('lastMigration.', lastOf, 'outcome', 'cause', 'evidence', 'from', 'to', 'requested', 'reason'),
  { name: 'lastMigration.endedAt', cell: (vm) => timeOf(lastOf(vm)?.endedAt) },
  ...fieldsOf('lastMigration.', lastOf, 'tries', 'loop', 'blackoutMs'),
  { name: 'previous.host', cell: ({ previous }) => previous?.host },
  { name: 'previous.until', cell: ({ previous }) => timeOf(previous?.until) },
  { name: 'migratable', cell: ({ migratable }) => migratable.ok },
  { name: 'migratable.reason', cell: ({ migratable }) => migratable.reason },
  ...fieldsOf('', ofVm, 'cpu', 'memory', 'os'),
  { name: 'labels', cell: labelsOf },
];

const hostOf = ({ host }: HostRow) => host;
const drainOf = ({ host }: HostRow) => host?.drain;
export const HOST_COLUMNS: readonly Column<HostRow>[] = [
  { name: 'name', cell: ({ name }) => name },
  ...fieldsOf('', hostOf, 'displayName', 'state'),
  { name: 'reasons', cell: ({ host }) => host?.reasons.join(' | ') },
  { name: 'roles', cell: ({ host }) => host?.roles.join(' ') },
  ...fieldsOf('', hostOf, 'zone', 'cpu', 'memory'),
  ...fieldsOf('', (row: HostRow) => row, 'vms', 'arriving', 'leaving'),
  ...fieldsOf('drain.', drainOf, 'safe', 'because'),
  { name: 'drain.since', cell: (row) => timeOf(drainOf(row)?.since) },
  ...fieldsOf('drain.', drainOf, 'were', 'here', 'moving', 'stopping', 'waiting', 'stuck', 'arriving'),
];
