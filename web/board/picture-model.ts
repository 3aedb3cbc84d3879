/**
 * The VMs of the painted picture, and what each commit changes about them: for the late parts that count, order and filter, so that a
 * commit costs each of them what it changes, and not the picture.
 */
import { untracked } from '@preact/signals';
import type { Host, HostName, Vm, VmId } from '../../core/model.ts';
import type { Changes } from '../rendering/frame.ts';
import type { ClusterSession } from '../stream/cluster-session.ts';
import type { ClusterModel } from './cluster-model.ts';

/** A VM that has come, changed, or gone. */
export interface VmChange {
  readonly id: VmId;
  readonly before: Vm | undefined;
  readonly after: Vm | undefined;
}

export interface PictureModel {
  vms(): ReadonlyMap<VmId, Vm>;
  /** Read without a subscription. */
  host(name: HostName): Host | undefined;
  /** Calls `follow` after each commit that changed VMs or hosts, in the order of the calls. Answers how to stop. */
  follow(follow: (changes: readonly VmChange[], hosts: ReadonlySet<HostName>) => void): () => void;
  /** Follows the session's commits. Answers how to stop. */
  start(): () => void;
}

export function createPicture({ cluster, followCommits }: Pick<ClusterSession, 'cluster' | 'followCommits'>): PictureModel {
  const vms = new Map<VmId, Vm>();
  const followers = new Set<(changes: readonly VmChange[], hosts: ReadonlySet<HostName>) => void>();

  function take(names: Iterable<VmId>, hosts: ReadonlySet<HostName>): void {
    const changes: VmChange[] = [];
    untracked(() => {
      for (const id of names) {
        const before = vms.get(id);
        const after = cluster.vm(id);
        if (before === after) continue;
        if (after === undefined) vms.delete(id);
        else vms.set(id, after);
        changes.push({ id, before, after });
      }
      if (changes.length > 0 || hosts.size > 0) for (const follow of followers) follow(changes, hosts);
    });
  }
  /** Those that are gone count as changed, too. */
  let known = new Set<HostName>();
  function takeAll(): void {
    const before = known;
    known = new Set(cluster.hostNames.peek());
    take(new Set([...vms.keys(), ...paintedIds(cluster)]), new Set([...before, ...known]));
  }

  return {
    vms: () => vms,
    host: (name) => untracked(() => cluster.host(name)),
    follow(follow) {
      followers.add(follow);
      return () => followers.delete(follow);
    },
    start() {
      if (cluster.hasPicture.peek()) takeAll();
      return followCommits((changes: Changes) => {
        if (changes.isReplaced) {
          takeAll();
          return;
        }
        for (const name of changes.hosts) {
          if (changes.state.hosts.has(name)) known.add(name);
          else known.delete(name);
        }
        take(changes.vms, changes.hosts);
      });
    },
  };
}

/** Each VM of the picture is counted in one list. */
function* paintedIds(cluster: ClusterModel): Generator<VmId> {
  for (const name of cluster.hostNames.peek()) {
    yield* cluster.lane('settled', name).peek();
    yield* cluster.lane('leaving', name).peek();
  }
  yield* cluster.lane('unplaced', null).peek();
}
