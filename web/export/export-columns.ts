/**
 * The columns of the exported tables. Their names are those of the model (core/model.ts), and so are their values: an export is read by
 * programs and by people of both languages. Times are ISO 8601 in UTC, memory is in bytes, durations are in milliseconds.
 */
import { lanesOf } from '../../core/lanes.ts';
import { causeOf, type Drain, type Host, type HostName, type Vm, type Wait } from '../../core/model.ts';
import { selectVerdict } from '../drain/drain-verdict.ts';
import { isoTime } from '../words/iso-time.ts';
import type { Column } from './export-csv.ts';

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

export const VM_COLUMNS: readonly Column<Vm>[] = [
  { name: 'namespace', cell: (vm) => vm.namespace },
  { name: 'name', cell: (vm) => vm.name },
  { name: 'displayName', cell: (vm) => vm.displayName },
  { name: 'host', cell: (vm) => vm.host },
  { name: 'state', cell: (vm) => vm.state },
  { name: 'reason', cell: (vm) => vm.reason },
  { name: 'danger', cell: (vm) => vm.danger?.join(' ') },
  { name: 'leaving', cell: (vm) => lanesOf(vm).leaving },
  { name: 'arriving', cell: (vm) => lanesOf(vm).arriving },
  { name: 'transit.stage', cell: (vm) => vm.transit?.stage },
  { name: 'transit.from', cell: (vm) => vm.transit?.from },
  { name: 'transit.to', cell: (vm) => vm.transit?.to },
  { name: 'transit.requested', cell: (vm) => vm.transit?.requested },
  { name: 'transit.suspended', cell: (vm) => vm.transit?.suspended },
  { name: 'transit.cause', cell: (vm) => vm.transit && causeOf(vm.transit).cause },
  { name: 'transit.evidence', cell: (vm) => vm.transit && causeOf(vm.transit).evidence },
  { name: 'transit.startedAt', cell: (vm) => timeOf(vm.transit?.startedAt) },
  { name: 'transit.waitingFor', cell: (vm) => textOf(vm.transit?.waitingFor) },
  { name: 'transit.peer.direction', cell: (vm) => vm.transit?.peer?.direction },
  { name: 'transit.peer.host', cell: (vm) => vm.transit?.peer?.host },
  { name: 'evacuation.from', cell: (vm) => vm.evacuation?.from },
  { name: 'evacuation.waitingFor', cell: (vm) => textOf(vm.evacuation?.waitingFor) },
  { name: 'lastMigration.outcome', cell: (vm) => vm.lastMigration?.outcome },
  { name: 'lastMigration.cause', cell: (vm) => vm.lastMigration?.cause },
  { name: 'lastMigration.evidence', cell: (vm) => vm.lastMigration?.evidence },
  { name: 'lastMigration.from', cell: (vm) => vm.lastMigration?.from },
  { name: 'lastMigration.to', cell: (vm) => vm.lastMigration?.to },
  { name: 'lastMigration.requested', cell: (vm) => vm.lastMigration?.requested },
  { name: 'lastMigration.reason', cell: (vm) => vm.lastMigration?.reason },
  { name: 'lastMigration.endedAt', cell: (vm) => timeOf(vm.lastMigration?.endedAt) },
  { name: 'lastMigration.tries', cell: (vm) => vm.lastMigration?.tries },
  { name: 'lastMigration.loop', cell: (vm) => vm.lastMigration?.loop },
  { name: 'lastMigration.blackoutMs', cell: (vm) => vm.lastMigration?.blackoutMs },
  { name: 'previous.host', cell: (vm) => vm.previous?.host },
  { name: 'previous.until', cell: (vm) => timeOf(vm.previous?.until) },
  { name: 'migratable', cell: (vm) => vm.migratable.ok },
  { name: 'migratable.reason', cell: (vm) => vm.migratable.reason },
  { name: 'cpu', cell: (vm) => vm.cpu },
  { name: 'memory', cell: (vm) => vm.memory },
  { name: 'os', cell: (vm) => vm.os },
  { name: 'labels', cell: labelsOf },
];

export const HOST_COLUMNS: readonly Column<HostRow>[] = [
  { name: 'name', cell: ({ name }) => name },
  { name: 'displayName', cell: ({ host }) => host?.displayName },
  { name: 'state', cell: ({ host }) => host?.state },
  { name: 'reasons', cell: ({ host }) => host?.reasons.join(' | ') },
  { name: 'roles', cell: ({ host }) => host?.roles.join(' ') },
  { name: 'zone', cell: ({ host }) => host?.zone },
  { name: 'cpu', cell: ({ host }) => host?.cpu },
  { name: 'memory', cell: ({ host }) => host?.memory },
  { name: 'vms', cell: ({ vms }) => vms },
  { name: 'arriving', cell: ({ arriving }) => arriving },
  { name: 'leaving', cell: ({ leaving }) => leaving },
  { name: 'drain.safe', cell: ({ host }) => host?.drain?.safe },
  { name: 'drain.because', cell: ({ host }) => host?.drain?.because },
  { name: 'drain.since', cell: ({ host }) => timeOf(host?.drain?.since) },
  { name: 'drain.were', cell: ({ host }) => host?.drain?.were },
  { name: 'drain.here', cell: ({ host }) => host?.drain?.here },
  { name: 'drain.moving', cell: ({ host }) => host?.drain?.moving },
  { name: 'drain.stopping', cell: ({ host }) => host?.drain?.stopping },
  { name: 'drain.waiting', cell: ({ host }) => host?.drain?.waiting },
  { name: 'drain.stuck', cell: ({ host }) => host?.drain?.stuck },
  { name: 'drain.arriving', cell: ({ host }) => host?.drain?.arriving },
];
