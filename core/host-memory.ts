/**
 * The room's memory of a host (SPEC T8): how many VMs were there when it began to be emptied, which no object says, since when, and when
 * they left.
 *
 *   in use ──drain appears──▶ being emptied ⟲ VMs come and go ──drain vanishes──▶ in use (forgotten)
 */
import { MAX_LEAVING_COUNT } from './limits.ts';
import type { Moment } from './memory.ts';
import type { DerivedHost, Host } from './model.ts';

export interface RememberedDrain {
  readonly were: number;
  /** Null where it began while nobody was watching. */
  readonly since: number | null;
  /** As in Drain. */
  readonly leftAt?: readonly number[];
}

/** A moment in which the room is told of a host. */
export interface HostMoment extends Moment {
  /** Whether it is told as it happened, as far as anybody can tell. */
  readonly prompt: boolean;
}

export interface HostMemory {
  readonly drain?: RememberedDrain;
}

export const EMPTY_HOST_MEMORY: HostMemory = {};

/** Takes in what the forwarder now says of a host; `before` is what it said last, undefined where it is new. */
export function rememberHost(memory: HostMemory, before: DerivedHost | undefined, after: DerivedHost, moment: HostMoment): HostMemory {
  if (after.drain === undefined) return EMPTY_HOST_MEMORY;
  const { here } = after.drain;
  const known = memory.drain;
  if (known === undefined) return { drain: { were: here, since: moment.watched ? moment.now : null } };
  const came = here - (before?.drain?.here ?? here);
  if (came === 0) return memory;
  const { leftAt = [], ...drain } = known;
  // Nobody knows when it was, nor how many others came, where that is told late: what was seen before tells no pace beyond it.
  const left =
    moment.watched && moment.prompt ? [...leftAt, ...Array.from({ length: -came }, () => moment.now)].slice(-MAX_LEAVING_COUNT) : [];
  // One that came while it was being emptied is one more that has to leave.
  return { drain: { ...drain, were: drain.were + Math.max(0, came), ...(left.length > 0 && { leftAt: left }) } };
}

/** The host as everybody sees it. */
export function composeHost({ drain, ...host }: DerivedHost, memory: HostMemory): Host {
  return drain === undefined ? host : { ...host, drain: { ...drain, ...(memory.drain ?? { were: drain.here, since: null }) } };
}
