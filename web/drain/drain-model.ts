/** The painted picture of one host that is being emptied, as the drain board reads it. */
import { computed, type ReadonlySignal, untracked, useComputed } from '@preact/signals';
import { entry } from '../../core/entry.ts';
import type { Host, HostName, Vm, VmId } from '../../core/model.ts';
import type { ClusterModel } from '../board/cluster-model.ts';
import { useSession } from '../page/context.ts';
import { type Departure, selectDepartures } from './drain-departures.ts';

export interface DrainModel {
  /** Undefined where no Node of that name is known. */
  readonly host: ReadonlySignal<Host | undefined>;
  /** VMs whose host it is, by name. */
  readonly residents: ReadonlySignal<readonly Vm[]>;
  readonly arriving: ReadonlySignal<readonly VmId[]>;
  readonly departures: ReadonlySignal<readonly Departure[]>;
}

/** For one host: whoever uses it has the host's name as its key. */
export function useDrain(name: HostName): DrainModel {
  const { cluster, connection } = useSession();
  const host = useComputed(() => cluster.host(name));
  const residents = useComputed(() =>
    [...cluster.lane('settled', name).value, ...cluster.lane('leaving', name).value].flatMap((id) => cluster.vm(id) ?? []),
  );
  const departures = useComputed(() => {
    const drain = host.value?.drain;
    const gone = goneFrom(cluster).value.get(name) ?? [];
    return drain === undefined ? [] : selectDepartures(gone, name, drain, connection.now.peek() ?? 0);
  });
  return { host, residents, arriving: cluster.lane('arriving', name), departures };
}

type GoneFrom = ReadonlyMap<HostName, readonly Vm[]>;
const known = new WeakMap<ClusterModel, ReadonlySignal<GoneFrom>>();

/** VMs by the host that they were on before: looked for once in a commit, for however many hosts. */
const goneFrom = (cluster: ClusterModel): ReadonlySignal<GoneFrom> =>
  entry(known, cluster, () =>
    computed(() => {
      // It follows the commits, and not each of thousands of VMs.
      cluster.cursor.value;
      return untracked(() => groupByPrevious(cluster));
    }),
  );

function groupByPrevious(cluster: ClusterModel): GoneFrom {
  const groups = new Map<HostName, Vm[]>();
  for (const id of idsOf(cluster)) {
    const vm = cluster.vm(id);
    const host = vm?.previous?.host;
    if (vm === undefined || host === undefined) continue;
    const group = groups.get(host);
    if (group === undefined) groups.set(host, [vm]);
    else group.push(vm);
  }
  return groups;
}

function* idsOf(cluster: ClusterModel): Iterable<VmId> {
  for (const host of cluster.hostNames.value) {
    yield* cluster.lane('settled', host).value;
    yield* cluster.lane('leaving', host).value;
  }
  yield* cluster.lane('unplaced', null).value;
}
