/** What a commit shows to have happened, as far as somebody who does not look should be told (SPEC V14). Pure. */
import type { ClusterState } from '../../core/cluster-state.ts';
import { isEqualJson } from '../../core/equal.ts';
import { type Drain, type Host, type HostName, isSafe, type Vm, type VmId } from '../../core/model.ts';
import { isLasting, type LastingDanger } from '../board/board.ts';
import { homeOf } from '../board/home.ts';
import type { Changes } from '../rendering/frame.ts';

/** `name`: as the board calls it. */
interface OfVm {
  readonly vm: VmId;
  readonly name: string;
}
interface OfHost {
  readonly host: HostName;
  readonly name: string;
}
interface Way {
  readonly from: HostName | null;
  readonly to: HostName | null;
}

export type Happening =
  /** A VM settled on another host. */
  | (OfVm & Way & { readonly kind: 'moved' })
  /** It went into a leaving lane. */
  | (OfVm & Way & { readonly kind: 'started' })
  /** Its migration did not succeed. `isLoop`: again, and so it will go on until a person steps in. */
  | (OfVm & Way & { readonly kind: 'failed'; readonly reason?: string; readonly isLoop: boolean })
  | (OfVm & Way & { readonly kind: 'aborted' })
  /** Its migration is over, and nobody can say how. */
  | (OfVm & Way & { readonly kind: 'ended' })
  /** Something that needs a person. */
  | (OfVm & { readonly kind: 'danger'; readonly danger: Alarm; readonly host: HostName | null })
  /** A host does not report, or is not ready. `isPlanned`: it was empty and is being emptied, so that nobody is harmed. */
  | (OfHost & { readonly kind: 'down'; readonly state: DownState; readonly isPlanned: boolean })
  | (OfHost & { readonly kind: 'up' })
  /** It has become safe to power it off. */
  | (OfHost & { readonly kind: 'drained' })
  /** It has reached maintenance, and the room does not say that it is safe. */
  | (OfHost & { readonly kind: 'maintained' })
  /** It was safe, and is not any more. */
  | (OfHost & { readonly kind: 'unsafe' });

export type Alarm = LastingDanger | 'error';
export type DownState = 'unavailable' | 'in-progress';

/** The picture before the commit. */
export interface Painted {
  vm(id: VmId): Vm | undefined;
  host(name: HostName): Host | undefined;
}

/** Nothing of a picture that was replaced: nobody saw it happen. */
export function happeningsOf(changes: Changes, painted: Painted): readonly Happening[] {
  if (changes.isReplaced) return [];
  const { state } = changes;
  return [
    ...[...changes.hosts].flatMap((name) => hostHappenings(painted.host(name), state.hosts.get(name))),
    ...[...changes.vms].flatMap((id) => vmHappenings(painted.vm(id), state.vms.get(id))),
  ];
}

function vmHappenings(before: Vm | undefined, after: Vm | undefined): Happening[] {
  if (before === undefined || after === undefined) return [];
  const { host, lastMigration, transit } = after;
  const of: OfVm = { vm: after.id, name: after.displayName ?? after.name };
  const happenings: Happening[] = [];
  if (before.host !== null && host !== null && before.host !== host) {
    happenings.push({ ...of, kind: 'moved', from: before.host, to: host });
  }
  if (homeOf(before).lane !== 'leaving' && homeOf(after).lane === 'leaving') {
    happenings.push({ ...of, kind: 'started', from: host, to: transit?.to ?? null });
  }
  if (lastMigration !== undefined && !isEqualJson(before.lastMigration, lastMigration)) happenings.push(...endOf(of, before, after));
  const known = alarmsOf(before);
  for (const danger of alarmsOf(after)) if (!known.includes(danger)) happenings.push({ ...of, kind: 'danger', danger, host });
  return happenings;
}

function endOf(of: OfVm, before: Vm, { lastMigration: end }: Vm): Happening[] {
  if (end === undefined || end.outcome === 'succeeded' || isCompletedOnly(before.lastMigration, end)) return [];
  const way: Way = { from: end.from, to: end.to };
  if (end.outcome === 'aborted') return [{ ...of, ...way, kind: 'aborted' }];
  if (end.outcome === 'unknown') return [{ ...of, ...way, kind: 'ended' }];
  return [{ ...of, ...way, kind: 'failed', ...(end.reason !== undefined && { reason: end.reason }), isLoop: end.loop === true }];
}

/** What an end lacked may become known later (T8): that is no second end. */
const isCompletedOnly = (before: Vm['lastMigration'], after: NonNullable<Vm['lastMigration']>): boolean =>
  before !== undefined &&
  before.outcome === after.outcome &&
  before.endedAt === after.endedAt &&
  before.tries === after.tries &&
  before.loop === after.loop &&
  (before.from ?? after.from) === after.from &&
  (before.to ?? after.to) === after.to;

/** What needs a person. That a migration fails again and again is told with its end. */
function alarmsOf({ state, danger }: Vm): readonly Alarm[] {
  const dangers = (danger ?? []).filter(isLasting);
  return state === 'error' ? ['error', ...dangers] : dangers;
}

function hostHappenings(before: Host | undefined, after: Host | undefined): Happening[] {
  if (before === undefined || after === undefined) return [];
  const of: OfHost = { host: after.name, name: after.displayName ?? after.name };
  const { state, drain } = after;
  const happenings: Happening[] = [];
  if (isDown(state) && !isDown(before.state)) happenings.push({ ...of, kind: 'down', state, isPlanned: isPlanned(after) });
  if (!isDown(state) && isDown(before.state) && state !== 'off') happenings.push({ ...of, kind: 'up' });
  const [was, is] = [isDrained(before), isDrained(after)];
  if (is && !was && before.drain?.because !== 'off') happenings.push({ ...of, kind: 'drained' });
  else if (was && drain !== undefined && isTakenBack(drain)) happenings.push({ ...of, kind: 'unsafe' });
  else if (state === 'maintenance' && before.state !== 'maintenance' && !is) happenings.push({ ...of, kind: 'maintained' });
  return happenings;
}

/** Who powers an emptied host off makes it fall silent: that it was safe is not taken back then. */
const isTakenBack = ({ because }: Drain): boolean => !isSafe(because) && because !== 'not-reporting';

const isDown = (state: Host['state']): state is DownState => state === 'unavailable' || state === 'in-progress';
const isDrained = ({ drain }: Host): boolean => drain?.safe === true && drain.because === 'empty';

/** A host that is down as somebody wanted it: it was being emptied, and nobody is on it. */
export const isPlanned = ({ drain }: Pick<Host, 'drain'>): boolean => drain !== undefined && drain.here + drain.arriving === 0;

/** A host that is down, and nobody had emptied it. */
export const isHostInTrouble = (host: Host): boolean => isDown(host.state) && !isPlanned(host);

/**
 * Whether what was told still holds. What is over stays true, as long as there is the VM; what stands may have changed, and of a picture
 * that is not live nobody may say that a host is safe.
 */
export function stillHolds(happening: Happening, state: Pick<ClusterState, 'hosts' | 'vms'>, isLive: boolean): boolean {
  switch (happening.kind) {
    case 'danger': {
      const vm = state.vms.get(happening.vm);
      return vm !== undefined && alarmsOf(vm).includes(happening.danger);
    }
    case 'down':
      return state.hosts.get(happening.host)?.state === happening.state;
    case 'up':
      return !isDown(state.hosts.get(happening.host)?.state ?? 'in-progress');
    case 'drained': {
      const host = state.hosts.get(happening.host);
      return isLive && host !== undefined && isDrained(host);
    }
    case 'maintained':
      return state.hosts.get(happening.host)?.state === 'maintenance';
    case 'unsafe':
      return state.hosts.get(happening.host)?.drain?.safe === false;
    default:
      // Weeks of VMs that come, move and go would pile up without end.
      return state.vms.has(happening.vm);
  }
}
