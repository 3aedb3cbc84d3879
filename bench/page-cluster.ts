/** A cluster for the benchmark of the page: names as people give them, hosts of uneven size, and the changes that are measured. */
import { applyFrame, type ClusterState, stateOf } from '../core/cluster-state.ts';
import { formatCursor } from '../core/cursor-format.ts';
import { addDigests, digestOf, digestOfVm, formatDigest, parseDigest, subtractDigests } from '../core/digest.ts';
import type { Frame, Snapshot } from '../core/downlink.ts';
import type { Host, HostName, Vm } from '../core/model.ts';
import { createRandom } from '../simulator/random.ts';

export interface PageCluster {
  readonly state: ClusterState;
  /** The host that is drained, and how many VMs at once. */
  readonly drained: HostName;
  readonly drainedCount: number;
  snapshot(now: number): Snapshot;
  /** `count` VMs are paused, or run again; each turn others. */
  restate(count: number, turn: number, now: number): Frame;
  /** All at once: they start to leave, they arrive, and they are back where they were. */
  leave(now: number): Frame;
  arrive(now: number): Frame;
  back(now: number): Frame;
}

/** As many as kube-virt may be told to move at once in a large cluster. */
const DRAINED_COUNT = 200;
const EPOCH = 'bench';
const GIB = 2 ** 30;
const SITES = ['ams', 'fra', 'ham', 'osl'] as const;
const TEAMS = ['payments', 'search', 'billing', 'web', 'data', 'identity', 'ci', 'infra', 'mail', 'default'] as const;
const APPS = ['postgres', 'kafka', 'api', 'worker', 'redis', 'gitlab-runner', 'ldap', 'nginx', 'win2022-sql', 'prometheus'] as const;
const ROLES = ['primary', 'replica', 'blue', 'green', 'canary'] as const;

export function createPageCluster(vmCount: number, hostCount: number, seed = 1): PageCluster {
  const random = createRandom(seed);
  const hosts: Host[] = Array.from({ length: hostCount }, (_, index) => ({
    name: `${SITES[index % SITES.length]}-r${String(1 + (index % 40)).padStart(2, '0')}-hv${index + 1}`,
    state: 'active',
    reasons: [],
    roles: index < 3 ? ['control-plane', 'etcd'] : ['worker'],
    zone: `${SITES[index % SITES.length]}-${1 + (index % 3)}`,
    cpu: 64,
    memory: 512 * GIB,
  }));
  const drained = hosts[0]?.name ?? '';
  const drainedCount = Math.min(DRAINED_COUNT, Math.floor(vmCount / 2));
  const vms = Array.from({ length: vmCount }, (_, index): Vm => {
    const namespace = random.pick(TEAMS) ?? 'default';
    const name = `${random.pick(APPS)}-${random.pick(ROLES)}-${index + 1}`;
    // The first host has the VMs of the drain; the others share the rest, some of them having twice as many as others.
    const other = 1 + Math.floor((hostCount - 1) * Math.abs(random.next() - random.next()));
    const host = hosts[index < drainedCount ? 0 : other]?.name ?? drained;
    return {
      id: `${namespace}/${name}`,
      namespace,
      name,
      host,
      state: 'running',
      migratable: random.next() < 0.02 ? { ok: false, reason: 'VMI uses a PCI host device' } : { ok: true },
      cpu: 2 ** random.below(5),
      memory: GIB * 2 ** random.below(6),
      os: 'linux',
    };
  });
  const state = stateOf({
    cursor: formatCursor({ epoch: EPOCH, revision: 0 }),
    digest: formatDigest(digestOf(hosts, vms)),
    hosts,
    vms,
  });
  const atFirst = vms.filter(({ host }) => host === drained).slice(0, drainedCount);
  const targets = hosts.slice(1).map(({ name }) => name);
  const targetOf = (index: number): HostName => targets[index % targets.length] ?? drained;
  let revision = 0;

  function commit(changed: readonly Vm[], now: number): Frame {
    let digest = parseDigest(state.digest) ?? { high: 0, low: 0 };
    for (const vm of changed) {
      const before = state.vms.get(vm.id);
      if (before !== undefined) digest = subtractDigests(digest, digestOfVm(before));
      digest = addDigests(digest, digestOfVm(vm));
    }
    revision += 1;
    const to = formatCursor({ epoch: EPOCH, revision });
    const frame: Frame = { from: state.cursor ?? '', to, at: now, digest: formatDigest(digest), vms: changed };
    applyFrame(state, frame);
    return frame;
  }

  return {
    state,
    drained,
    drainedCount,
    snapshot: (now) => ({
      cluster: 'lab',
      cursor: state.cursor,
      now,
      lastHeard: now,
      digest: state.digest,
      hosts: [...state.hosts.values()],
      vms: [...state.vms.values()],
    }),
    restate(count, turn, now) {
      const all = [...state.vms.values()];
      const first = (turn * count) % all.length;
      const chosen = all.slice(first, first + count).concat(all.slice(0, Math.max(0, first + count - all.length)));
      return commit(
        chosen.map((vm) => ({ ...vm, state: vm.state === 'running' ? 'paused' : 'running' })),
        now,
      );
    },
    leave: (now) =>
      commit(
        atFirst.map((vm, index) => ({
          ...vm,
          transit: {
            id: `migration-${index}`,
            stage: 'transferring',
            cause: 'drain',
            from: drained,
            to: targetOf(index),
            startedAt: now,
          },
        })),
        now,
      ),
    arrive: (now) =>
      commit(
        atFirst.map((vm, index) => ({
          ...vm,
          host: targetOf(index),
          lastMigration: { outcome: 'succeeded', cause: 'drain', from: drained, to: targetOf(index), endedAt: now },
        })),
        now,
      ),
    back: (now) => commit(atFirst, now),
  };
}
