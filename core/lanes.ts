/**
 * Which list of which host a VM is drawn in: the one place that decides it (SPEC L1–L4).
 *
 *   settled at host ──starts──▶ leaving at `from` + arriving at `to` ──nodeName flips──▶ settled at `to`
 *         ▲                                   │
 *         └────────── fails, is aborted ──────┘
 */
import type { HostName, Vm } from './model.ts';

export interface Lanes {
  /** The host whose list of VMs it stands in. */
  readonly settled: HostName | null;
  readonly leaving: HostName | null;
  readonly arriving: HostName | null;
}

type Moving = Pick<NonNullable<Vm['transit']>, 'stage' | 'from' | 'to' | 'peer'>;

const NOWHERE: Lanes = { settled: null, leaving: null, arriving: null };

/**
 * The lanes of a VM. At most one of `settled` and `leaving` is set, and exactly one where the VM has a host:
 * a running VM is never on two lists and never on none. `arriving` is set only beside `leaving`.
 */
export function lanesOf(vm: Pick<Vm, 'host'> & { readonly transit?: Moving | undefined }): Lanes {
  const { host, transit } = vm;
  if (host === null) return NOWHERE;
  if (transit === undefined || !isUnderWay(host, transit)) return { settled: host, leaving: null, arriving: null };
  return { settled: null, leaving: host, arriving: transit.to };
}

function isUnderWay(host: HostName, transit: Moving): boolean {
  // It comes from another cluster: nothing leaves a host of this one.
  if (transit.peer?.direction === 'in') return false;
  switch (transit.stage) {
    case 'queued':
    case 'finishing':
      return false;
    case 'aborting':
      // An abort before a target was chosen: nothing has left, and nothing will.
      return (transit.to ?? transit.peer?.host) !== undefined && !hasArrived(host, transit);
    default:
      return !hasArrived(host, transit);
  }
}

const hasArrived = (host: HostName, transit: { readonly from: HostName | null; readonly to: HostName | null }): boolean =>
  host === transit.to && transit.to !== transit.from;
