/**
 * A cluster's state as a viewer holds it, and the reducer: snapshot + frames = the snapshot at the later cursor (SPEC D2).
 * The maps are changed in place, because copying 10,000 entries for each frame would cost more than the frame.
 */
import type { Frame, Snapshot } from './downlink.ts';
import type { Host, HostName, Vm, VmId } from './model.ts';
import { err, ok, type Result } from './result.ts';

export interface ClusterState {
  cursor: string | null;
  digest: string;
  readonly hosts: Map<HostName, Host>;
  readonly vms: Map<VmId, Vm>;
}

export const stateOf = (snapshot: Pick<Snapshot, 'cursor' | 'digest' | 'hosts' | 'vms'>): ClusterState => ({
  cursor: snapshot.cursor,
  digest: snapshot.digest,
  hosts: new Map(snapshot.hosts.map((host) => [host.name, host])),
  vms: new Map(snapshot.vms.map((vm) => [vm.id, vm])),
});

/** Applies a frame whole, or not at all: refused where the state is not at the cursor that the frame starts from. */
export function applyFrame(state: ClusterState, frame: Frame): Result<ClusterState, 'gap'> {
  if (state.cursor !== frame.from) return err('gap');
  for (const name of frame.goneHosts ?? []) state.hosts.delete(name);
  for (const id of frame.goneVms ?? []) state.vms.delete(id);
  for (const host of frame.hosts ?? []) state.hosts.set(host.name, host);
  for (const vm of frame.vms ?? []) state.vms.set(vm.id, vm);
  state.cursor = frame.to;
  state.digest = frame.digest;
  return ok(state);
}

/** One frame that does what `first` and then `second` do; refused where they do not follow each other. */
export function composeFrames(first: Frame, second: Frame): Result<Frame, 'gap'> {
  if (first.to !== second.from) return err('gap');
  const hosts = mergeChanges(first.hosts, first.goneHosts, second.hosts, second.goneHosts, (host) => host.name);
  const vms = mergeChanges(first.vms, first.goneVms, second.vms, second.goneVms, (vm) => vm.id);
  return ok({
    from: first.from,
    to: second.to,
    at: second.at,
    digest: second.digest,
    ...(hosts.changed.length > 0 && { hosts: hosts.changed }),
    ...(vms.changed.length > 0 && { vms: vms.changed }),
    ...(hosts.gone.length > 0 && { goneHosts: hosts.gone }),
    ...(vms.gone.length > 0 && { goneVms: vms.gone }),
  });
}

function mergeChanges<Entity>(
  firstChanged: readonly Entity[] = [],
  firstGone: readonly string[] = [],
  secondChanged: readonly Entity[] = [],
  secondGone: readonly string[] = [],
  keyOf: (entity: Entity) => string,
): { changed: Entity[]; gone: string[] } {
  const changed = new Map(firstChanged.map((entity) => [keyOf(entity), entity]));
  const gone = new Set(firstGone);
  for (const key of secondGone) {
    changed.delete(key);
    gone.add(key);
  }
  for (const entity of secondChanged) {
    changed.set(keyOf(entity), entity);
    gone.delete(keyOf(entity));
  }
  return { changed: [...changed.values()], gone: [...gone] };
}
