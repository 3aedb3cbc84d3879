/**
 * The room's memory of a host (SPEC T8): how many VMs were there when it began to be emptied, which no object says, and since when.
 *
 *   in use ──drain appears──▶ being emptied ⟲ VMs come and go ──drain vanishes──▶ in use (forgotten)
 */
import type { Moment } from './memory.ts';
import type { DerivedHost, Host } from './model.ts';

export interface RememberedDrain {
  readonly were: number;
  /** Null where it began while nobody was watching. */
  readonly since: number | null;
}

export interface HostMemory {
  readonly drain?: RememberedDrain;
}

export const EMPTY_HOST_MEMORY: HostMemory = {};

/** Takes in what the forwarder now says of a host; `before` is what it said last, undefined where it is new. */
export function rememberHost(
  memory: HostMemory,
  before: DerivedHost | undefined,
  after: DerivedHost,
  { now, watched }: Moment,
): HostMemory {
  if (after.drain === undefined) return EMPTY_HOST_MEMORY;
  const { here } = after.drain;
  const known = memory.drain;
  if (known === undefined) return { drain: { were: here, since: watched ? now : null } };
  // One that came while it was being emptied is one more that has to leave.
  const came = Math.max(0, here - (before?.drain?.here ?? here));
  return came === 0 ? memory : { drain: { ...known, were: known.were + came } };
}

/** The host as everybody sees it. */
export function composeHost({ drain, ...host }: DerivedHost, memory: HostMemory): Host {
  return drain === undefined
    ? host
    : { ...host, drain: { ...drain, were: memory.drain?.were ?? drain.here, since: memory.drain?.since ?? null } };
}
