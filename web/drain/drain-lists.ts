/** Who is in which part of the emptying of a host: the lists of the drain board. Pure; each VM that is here stands in exactly one of them. */
import { type DrainPart, drainPartOf } from '../../core/drain-part.ts';
import type { HostName, Vm, Wait } from '../../core/model.ts';

/** VMs that are here for one reason. */
export interface DrainGroup {
  /** What all of them have in common: without a place in line, and without numbers that are one VM's own. */
  readonly wait: Wait;
  /** By their place in line, where they have one. */
  readonly vms: readonly Vm[];
}

export interface DrainLists {
  readonly stuck: readonly DrainGroup[];
  /** Nobody has asked them to leave. */
  readonly unasked: readonly Vm[];
  readonly moving: readonly Vm[];
  readonly stopping: readonly Vm[];
  readonly waiting: readonly DrainGroup[];
}

/** `residents`: whose host it is, in the order in which they are to stand. */
export function selectDrainLists(residents: readonly Vm[], host: HostName): DrainLists {
  const parts = new Map<DrainPart | null, Vm[]>();
  for (const vm of residents) {
    const part = drainPartOf(vm, host);
    const known = parts.get(part);
    if (known === undefined) parts.set(part, [vm]);
    else known.push(vm);
  }
  const of = (part: DrainPart | null): readonly Vm[] => parts.get(part) ?? [];
  return {
    stuck: groupByWait(of('stuck'), stuckBecause),
    unasked: of(null),
    moving: of('moving'),
    stopping: of('stopping'),
    waiting: groupByWait(of('waiting'), (vm) => waitOf(vm) ?? { reason: 'no-migration' }),
  };
}

/** What a VM that is to move waits for; undefined where nothing says so. */
export const waitOf = ({ transit, evacuation }: Vm): Wait | undefined => transit?.waitingFor ?? evacuation?.waitingFor;

/** As in notes.ts: what the evacuation says, else what the VM does. */
function stuckBecause({ evacuation, migratable }: Vm): Wait {
  const told = evacuation?.waitingFor.reason === 'not-migratable' ? evacuation.waitingFor.detail : undefined;
  const detail = told ?? migratable.reason;
  return { reason: 'not-migratable', ...(detail !== undefined && { detail }) };
}

/** The largest group first; of two, the one that is next in line. */
function groupByWait(vms: readonly Vm[], read: (vm: Vm) => Wait): DrainGroup[] {
  const groups = new Map<string, { wait: Wait; vms: Vm[] }>();
  for (const vm of vms) {
    const { place: _place, failures: _failures, seconds: _seconds, ...wait } = read(vm);
    const { used: _used, ...key } = wait;
    const text = JSON.stringify(Object.entries(key).sort());
    const group = groups.get(text);
    if (group === undefined) groups.set(text, { wait, vms: [vm] });
    else group.vms.push(vm);
  }
  const placeOf = (vm: Vm): number => waitOf(vm)?.place ?? Number.MAX_SAFE_INTEGER;
  const sorted = [...groups.values()].map((group) => ({ ...group, vms: group.vms.sort((a, b) => placeOf(a) - placeOf(b)) }));
  const firstOf = (group: DrainGroup): number => Math.min(...group.vms.slice(0, 1).map(placeOf));
  return sorted.sort((a, b) => b.vms.length - a.vms.length || firstOf(a) - firstOf(b));
}
