/**
 * Who has left a host that is being emptied, and when: read from the picture itself, in which the room remembers of each VM the host it
 * was on before. So it needs no request, agrees with every commit, and is on the room's clock (SPEC T6). Who has moved on since, was
 * deleted, or left while nobody was watching is not among them.
 */
import type { Drain, HostName, Vm } from '../../core/model.ts';

export interface Departure {
  readonly vm: Vm;
  /** When it was no longer here. */
  readonly at: number;
}

/** Where a drain began unwatched, what left before this could have left for any reason. */
const UNWATCHED_MS = 3_600_000;

/** Newest first. `now` on the room's clock. */
export function selectDepartures(vms: Iterable<Vm>, host: HostName, { since }: Pick<Drain, 'since'>, now: number): Departure[] {
  const from = since ?? now - UNWATCHED_MS;
  const departures: Departure[] = [];
  for (const vm of vms) {
    if (vm.previous?.host !== host || vm.host === host) continue;
    const at = vm.previous.until;
    if (at !== null && at >= from && at <= now) departures.push({ vm, at });
  }
  return departures.sort((a, b) => b.at - a.at);
}
