/** A board's models without a page: its picture, search, labels and order, committed to by hand; and commits at random. */
import { signal } from '@preact/signals';
import fc from 'fast-check';
import { type ClusterState, stateOf } from '../../core/cluster-state.ts';
import type { Host, Vm, VmId } from '../../core/model.ts';
import { createArrangement } from '../../web/arranging/arrangement-model.ts';
import { createLabels } from '../../web/arranging/label-model.ts';
import { createClusterModel } from '../../web/board/cluster-model.ts';
import { createPicture } from '../../web/board/picture-model.ts';
import { type PageState, PLAIN_STATE } from '../../web/page/page-state.ts';
import type { Changes } from '../../web/rendering/frame.ts';
import { createFilter } from '../../web/search/filter-model.ts';
import type { Arrangement } from '../../web/stream/cluster-session.ts';
import { EN_VALUES } from './query-words.ts';

export const HOSTS = ['host-1', 'host-2', 'host-3'];
const IDS = ['a/vm-1', 'a/vm-2', 'b/vm-10', 'b/vm-3', 'c/vm-4'];

const arbitraryHost = fc.record<Host>(
  {
    name: fc.constantFrom(...HOSTS),
    state: fc.constant('active'),
    reasons: fc.constant([]),
    roles: fc.constant([]),
    zone: fc.constantFrom('z1', 'z2'),
  },
  { requiredKeys: ['name', 'state', 'reasons', 'roles'] },
);
const arbitraryVm = fc
  .record({
    id: fc.constantFrom(...IDS),
    host: fc.option(fc.constantFrom(...HOSTS)),
    to: fc.option(fc.constantFrom(...HOSTS)),
    memory: fc.option(fc.nat(3), { nil: undefined }),
    team: fc.option(fc.constantFrom('db', 'web'), { nil: undefined }),
    isBroken: fc.boolean(),
  })
  .map(({ id, host, to, memory, team, isBroken }): Vm => {
    const [namespace = '', name = ''] = id.split('/');
    return {
      id,
      namespace,
      name,
      host,
      state: isBroken ? 'error' : 'running',
      migratable: { ok: true },
      ...(memory !== undefined && { memory }),
      ...(team !== undefined && { labels: { team } }),
      ...(to !== null && host !== null && { transit: { id: 'm', stage: 'transferring', cause: 'user', from: host, to, startedAt: 0 } }),
    };
  });
export const arbitraryFrame = fc.record({
  vms: fc.uniqueArray(arbitraryVm, { selector: ({ id }) => id }),
  goneVms: fc.subarray(IDS),
  hosts: fc.uniqueArray(arbitraryHost, { selector: ({ name }) => name }),
  goneHosts: fc.subarray(HOSTS),
  isReplaced: fc.boolean(),
});
type Frame = typeof arbitraryFrame extends fc.Arbitrary<infer Value> ? Value : never;

/** The order is held for some frames. */
export const frameOrHold = fc.oneof({ weight: 3, arbitrary: arbitraryFrame }, { weight: 1, arbitrary: fc.boolean() });
export const SORTS = ['', '-name', 'memory', '-memory', '-vms', 'vms', '-cpu'];

/** Nothing of it is started. */
export function openBoard(initial: Partial<PageState> = {}) {
  const cluster = createClusterModel();
  const followers = new Set<(changes: Changes) => void>();
  const dimmed = new Set<VmId>();
  const marked = new Set<VmId>();
  const arrangement = signal<Arrangement | null>(null);
  const state = signal<PageState>({ ...PLAIN_STATE, ...initial });
  const addresses: string[] = [];
  const picture = createPicture({
    cluster,
    followCommits: (follow) => {
      followers.add(follow);
      return () => followers.delete(follow);
    },
  });
  const page = {
    state,
    adjust: (part: Partial<PageState>) => {
      state.value = { ...state.value, ...part };
      addresses.push(state.value.query);
    },
  };
  const filter = createFilter({
    session: { name: 'lab', displayName: signal('lab'), cluster, dimmed },
    picture,
    page,
    words: signal(EN_VALUES),
    marks: { dim: (id, isDimmed) => void (isDimmed ? marked.add(id) : marked.delete(id)), show: () => {} },
  });
  const order = createArrangement({ cluster, arrangement }, picture, page);
  const labels = createLabels(picture);
  let held: ClusterState = stateOf({ cursor: 'e-0', digest: '', hosts: [], vms: [] });
  let revision = 0;

  function commit({ vms, goneVms, hosts, goneHosts, isReplaced }: Frame): void {
    const nextVms = new Map(held.vms);
    for (const id of goneVms) nextVms.delete(id);
    for (const vm of vms) nextVms.set(vm.id, vm);
    const nextHosts = new Map(held.hosts);
    for (const name of goneHosts) nextHosts.delete(name);
    for (const host of hosts) nextHosts.set(host.name, host);
    held = stateOf({ cursor: `e-${++revision}`, digest: '', hosts: [...nextHosts.values()], vms: [...nextVms.values()] });
    const changes: Changes = {
      state: held,
      isReplaced,
      vms: new Set([...goneVms, ...vms.map(({ id }) => id)]),
      hosts: new Set([...goneHosts, ...hosts.map(({ name }) => name)]),
    };
    cluster.paint(changes);
    for (const follow of followers) follow(changes);
  }
  return {
    cluster,
    picture,
    filter,
    order,
    labels,
    arrangement,
    state,
    dimmed,
    marked,
    addresses,
    commit,
    vms: () => [...held.vms.values()],
  };
}
