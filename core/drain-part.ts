/**
 * Which part of a drain a VM counts in that is on the host: the one place that decides it, for the forwarder's sums and for the page's
 * lists, which therefore add up to them (SPEC H1).
 */
import { lanesOf } from './lanes.ts';
import type { DerivedVm, HostName } from './model.ts';

/** As in `DerivedDrain`. */
export type DrainPart = 'moving' | 'stopping' | 'waiting' | 'stuck';

const GOING_STATES: readonly string[] = ['stopping', 'terminating', 'restarting'];

/** Null where nobody has asked it to leave. */
export function drainPartOf(
  vm: Pick<DerivedVm, 'host' | 'state' | 'migratable' | 'transit' | 'evacuation'>,
  host: HostName,
): DrainPart | null {
  if (lanesOf(vm).leaving === host) return 'moving';
  if (GOING_STATES.includes(vm.state)) return 'stopping';
  const wait = vm.evacuation?.waitingFor.reason;
  if (wait === 'not-migratable' || (wait !== 'shutdown' && !vm.migratable.ok && vm.migratable.reason !== undefined)) return 'stuck';
  return wait !== undefined || vm.transit?.stage === 'queued' ? 'waiting' : null;
}
