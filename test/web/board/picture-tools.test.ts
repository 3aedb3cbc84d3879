/** The search, the groups and the order of a board, kept up commit by commit, are what the whole picture says. */
import { effect, signal } from '@preact/signals';
import fc from 'fast-check';
import { h } from 'preact';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type ClusterState, stateOf } from '../../../core/cluster-state.ts';
import type { Host, Vm, VmId } from '../../../core/model.ts';
import { createArrangement } from '../../../web/arranging/arrangement-model.ts';
import { createGroups, type Group } from '../../../web/arranging/group-model.ts';
import { groupOf, parseGrouping } from '../../../web/arranging/grouping.ts';
import { createLabels } from '../../../web/arranging/label-model.ts';
import { parseSort } from '../../../web/arranging/sorting.ts';
import { shareOf } from '../../../web/arranging/vm-weight.ts';
import { createClusterModel } from '../../../web/board/cluster-model.ts';
import { homeOf } from '../../../web/board/home.ts';
import { createPicture, type PictureModel } from '../../../web/board/picture-model.ts';
import { type PageState, PLAIN_STATE } from '../../../web/page/page-state.ts';
import type { Changes } from '../../../web/rendering/frame.ts';
import { createAdvice } from '../../../web/search/advice-model.ts';
import { createFilter } from '../../../web/search/filter-model.ts';
import { parseQuery } from '../../../web/search/query.ts';
import { compileQuery } from '../../../web/search/query-match.ts';
import type { Arrangement } from '../../../web/stream/cluster-session.ts';
import { EN_VALUES } from '../../support/query-words.ts';

const HOSTS = ['host-1', 'host-2', 'host-3'];
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
const arbitraryFrame = fc.record({
  vms: fc.uniqueArray(arbitraryVm, { selector: ({ id }) => id }),
  goneVms: fc.subarray(IDS),
  hosts: fc.uniqueArray(arbitraryHost, { selector: ({ name }) => name }),
  goneHosts: fc.subarray(HOSTS),
  isReplaced: fc.boolean(),
});
const QUERIES = ['', 'vm-1', 'host:host-1', 'zone:z1', '-zone:*', 'is:moving,attention', 'label:team=db', 'is:stuck -ns:a', 'nobody'];

function openBoard(initial: Partial<PageState> = {}) {
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
type Frame = typeof arbitraryFrame extends fc.Arbitrary<infer Value> ? Value : never;

afterEach(() => void vi.useRealTimers());

describe('the search', () => {
  it('has what the whole picture has, after each commit and each key', () => {
    const step = fc.oneof(arbitraryFrame, fc.constantFrom(...QUERIES));
    fc.assert(
      fc.property(fc.array(step, { maxLength: 20 }), fc.constantFrom(...QUERIES), (steps, first) => {
        const board = openBoard({ query: first });
        const stops = [board.filter.start(), board.picture.start()];
        for (const each of steps) {
          if (typeof each === 'string') board.filter.type(each);
          else board.commit(each);
          const { filter, cluster } = board;
          const query = parseQuery(filter.text.value, EN_VALUES);
          const matcher = compileQuery(query, { host: (name) => cluster.host(name), cluster: ['lab'] });
          const missed = board.vms().filter((vm) => matcher !== null && !matcher.matches(vm));
          expect([...board.dimmed].sort()).toEqual(missed.map(({ id }) => id).sort());
          expect([...board.marked].sort()).toEqual([...board.dimmed].sort());
          expect(filter.found.value).toBe(board.vms().length - missed.length);
          expect(filter.isActive.value).toBe(matcher !== null);
        }
        for (const stop of stops) stop();
      }),
    );
  });

  describe('advises on the names that there are, where it finds nothing', () => {
    const frame = { goneVms: [], hosts: [], goneHosts: [], isReplaced: false };
    const vm = { id: 'a/vm-1', namespace: 'a', name: 'vm-1', host: null, state: 'off', migratable: { ok: true } } as const;

    async function openAdvice(query: string) {
      vi.useFakeTimers();
      const board = openBoard({ query });
      const { filter, cluster, state } = board;
      const looks = { count: 0, tookMs: 0 };
      let spentMs = 0;
      const picture: PictureModel = {
        ...board.picture,
        vms: () => {
          looks.count++;
          spentMs += looks.tookMs;
          return board.picture.vms();
        },
      };
      const model = createAdvice({ cluster, filter, picture, state, now: () => performance.now() + spentMs });
      const stops = [filter.start(), model.start(), board.picture.start(), effect(() => void model.advice.value)];
      await Promise.resolve();
      return {
        looks,
        state,
        advice: model.advice,
        isEmpty: model.isEmpty,
        commit: (part: Partial<Vm>): void => board.commit({ ...frame, vms: [{ ...vm, ...part }] }),
        empty: (): void => board.commit({ ...frame, vms: [], goneVms: [vm.id] }),
        async type(text: string): Promise<void> {
          filter.type(text);
          await Promise.resolve();
        },
        told: (): unknown => model.advice.value.map((each) => each.kind === 'no-such' && [each.word, each.near.map(({ word }) => word)]),
        stop(): void {
          for (const stop of stops) stop();
        },
      };
    }

    it('with the key, and of a commit in a while', async () => {
      const { looks, advice, commit, type, told, stop } = await openAdvice('os:linux state:paused');
      commit({});
      expect([told(), looks.count], 'not within the commit').toEqual([[], 0]);
      vi.advanceTimersByTime(0);
      expect([told(), looks.count], 'but after it').toEqual([[['linux', []]], 1]);

      for (let second = 1; second <= 3; second++) {
        for (let time = 0; time < 50; time++) {
          commit({ os: 'windows', cpu: time });
          vi.advanceTimersByTime(1_000 / 50);
        }
        expect(looks.count, 'of fifty commits a second').toBe(1 + second);
      }
      expect(told()).toEqual([['linux', ['windows']]]);
      const before = advice.value;
      commit({ os: 'windows', cpu: 1 });
      vi.advanceTimersByTime(1_000);
      expect(advice.value, 'the same, where it says the same').toBe(before);
      commit({ os: 'linux' });
      vi.advanceTimersByTime(1_000);
      expect([told(), looks.count], 'somebody is called so, and is not paused').toEqual([[], 6]);

      await type('os:windows');
      expect([told(), looks.count], 'another query').toEqual([[['windows', ['linux']]], 7]);
      await type('os:windows name:vm-1');
      expect([told(), looks.count]).toEqual([[['windows', ['linux']]], 8]);
      vi.advanceTimersByTime(60_000);
      expect(looks.count, 'and without a commit no more').toBe(8);
      stop();
      expect(vi.getTimerCount()).toBe(0);
    });

    it('and never within the commit in which the last match goes', async () => {
      const { looks, commit, type, told, stop } = await openAdvice('os:windows');
      commit({ os: 'linux' });
      vi.advanceTimersByTime(0);
      expect(looks.count).toBe(1);
      for (let time = 0; time < 10; time++) {
        commit({ os: 'windows' });
        expect(told(), 'withdrawn with the commit that has it').toEqual([]);
        commit({ os: 'linux', cpu: time });
        expect(told(), 'what is known of it').toEqual([['windows', ['linux']]]);
      }
      expect(looks.count, 'found and lost with each frame').toBe(1);
      vi.advanceTimersByTime(1_000);
      expect(looks.count).toBe(2);

      commit({ os: 'windows' });
      vi.advanceTimersByTime(60_000);
      commit({ os: 'bsd' });
      expect([told(), looks.count], 'too old to be said again').toEqual([[], 2]);
      vi.advanceTimersByTime(0);
      expect([told(), looks.count]).toEqual([[['windows', ['bsd']]], 3]);

      await type('os:bsd');
      commit({ os: 'linux' });
      expect([told(), looks.count], 'nothing is known of another query').toEqual([[], 3]);
      vi.advanceTimersByTime(0);
      expect([told(), looks.count]).toEqual([[['bsd', ['linux']]], 4]);
      commit({ os: 'linux', cpu: 1 });
      stop();
      expect(vi.getTimerCount()).toBe(0);
    });

    it('the longer it takes, the more seldom', async () => {
      const { looks, commit, stop } = await openAdvice('os:windows');
      looks.tookMs = 300;
      commit({});
      vi.advanceTimersByTime(0);
      for (let time = 1; time <= 8; time++) {
        commit({ cpu: time });
        vi.advanceTimersByTime(1_000);
      }
      expect(looks.count).toBe(3);
      stop();
    });

    it('not where there is no VM at all, nor in the list of migrations', async () => {
      const { state, isEmpty, commit, empty, told, stop } = await openAdvice('os:windows');
      vi.advanceTimersByTime(0);
      expect([isEmpty.value, told()]).toEqual([false, []]);
      commit({});
      vi.advanceTimersByTime(0);
      expect([isEmpty.value, told()]).toEqual([true, [['windows', []]]]);
      state.value = { ...state.value, picture: 'migrations' };
      expect([isEmpty.value, told()]).toEqual([false, []]);
      state.value = { ...state.value, picture: 'table' };
      expect([isEmpty.value, told()]).toEqual([true, [['windows', []]]]);
      empty();
      expect([isEmpty.value, told()]).toEqual([false, []]);
      vi.advanceTimersByTime(1_000);
      expect(told()).toEqual([]);
      stop();
    });
  });

  it('does not know a host by a name any more that went with it', () => {
    const board = openBoard({ query: 'to:Attic' });
    const stops = [board.filter.start(), board.picture.start()];
    const asked: Vm = {
      id: 'a/vm-1',
      namespace: 'a',
      name: 'vm-1',
      host: 'host-1',
      state: 'running',
      migratable: { ok: true },
      transit: { id: 'm', stage: 'queued', cause: 'user', from: 'host-1', to: null, requested: 'host-3', startedAt: 0 },
    };
    const attic: Host = { name: 'host-3', displayName: 'Attic', state: 'active', reasons: [], roles: [] };
    board.commit({ vms: [asked], goneVms: [], hosts: [attic], goneHosts: [], isReplaced: true });
    expect(board.filter.found.value).toBe(1);
    board.commit({ vms: [], goneVms: [], hosts: [], goneHosts: ['host-3'], isReplaced: true });
    expect(board.filter.found.value).toBe(0);
    for (const stop of stops) stop();
  });

  it('finds at once, writes the address later, and forgets what was typed when one goes back', () => {
    const board = openBoard();
    const stop = board.filter.start();
    board.filter.type('w');
    board.filter.type('web');
    expect([board.filter.text.value, board.addresses]).toEqual(['web', []]);
    board.filter.settle();
    board.filter.settle();
    expect([board.filter.text.value, board.addresses]).toEqual(['web', ['web']]);
    board.filter.type('web-1');
    // Something else of the address changes meanwhile.
    board.state.value = { ...board.state.value, vm: 'a/vm-1' };
    expect(board.filter.text.value).toBe('web-1');
    board.state.value = { ...board.state.value, query: 'before' };
    expect(board.filter.text.value).toBe('before');
    board.filter.settle();
    expect(board.addresses).toEqual(['web']);
    stop();
  });

  it('offers the labels that there are', () => {
    fc.assert(
      fc.property(fc.array(arbitraryFrame, { maxLength: 12 }), (frames) => {
        const board = openBoard();
        const stops = [board.labels.start(), board.picture.start()];
        for (const frame of frames) {
          board.commit(frame);
          const isAny = board.vms().some(({ labels }) => labels !== undefined);
          expect(board.labels.keys.value).toEqual(isAny ? ['team'] : []);
        }
        for (const stop of stops) stop();
      }),
    );
  });
});

/** The order is held for some frames. */
const frameOrHold = fc.oneof({ weight: 3, arbitrary: arbitraryFrame }, { weight: 1, arbitrary: fc.boolean() });
const SORTS = ['', '-name', 'memory', '-memory', '-vms', 'vms', '-cpu'];

describe('groups', () => {
  it('have each VM exactly once, in the order of a board that was just opened', () => {
    const placesOf = (groups: readonly Group[]): string[] => groups.map(({ key, ids }) => `${key}: ${ids.value.join()}`);
    fc.assert(
      fc.property(
        fc.array(frameOrHold, { maxLength: 20 }),
        fc.constantFrom('namespace', 'none', 'label:team'),
        fc.constantFrom(...SORTS),
        (steps, by, sort) => {
          const board = openBoard({ group: by, sort });
          const create = () => createGroups(board.picture, board.order, parseGrouping(by), parseSort(sort));
          const stopPicture = board.picture.start();
          const groups = create();
          const stop = groups.start();
          let isHeld = false;
          let before: ReadonlyMap<string, readonly VmId[]> = new Map();
          for (const each of steps) {
            if (typeof each === 'boolean') {
              board.order.hold(each);
              isHeld = each;
            } else board.commit(each);
            const shown = groups.groups.value;
            const places = shown.flatMap(({ name, ids }) => ids.value.map((id) => `${id} in ${name}`)).sort();
            expect(places).toEqual(
              board
                .vms()
                .map((vm) => `${vm.id} in ${groupOf(vm, parseGrouping(by))}`)
                .sort(),
            );
            const stayed = (one: readonly VmId[], other: readonly VmId[]): VmId[] => one.filter((id) => other.includes(id));
            for (const { key, ids } of isHeld ? shown : []) {
              const old = before.get(key) ?? [];
              expect(stayed(ids.value, old)).toEqual(stayed(old, ids.value));
            }
            before = new Map(shown.map(({ key, ids }) => [key, ids.value]));
            if (isHeld) continue;
            const fresh = create();
            const stopFresh = fresh.start();
            expect(placesOf(shown)).toEqual(placesOf(fresh.groups.value));
            stopFresh();
          }
          stop();
          stopPicture();
        },
      ),
    );
  });
});

it('a group that goes in the commit in which another comes is not there any more', () => {
  const board = openBoard();
  const stops = [board.picture.start()];
  const groups = createGroups(board.picture, board.order, { by: 'label', key: 'team' }, parseSort(''));
  stops.push(groups.start());
  const frame = { goneVms: [], hosts: [], goneHosts: [], isReplaced: false };
  const vm = { id: 'a/vm-1', namespace: 'a', name: 'vm-1', host: null, state: 'off', migratable: { ok: true } } as const;
  for (const team of ['db', 'web']) {
    board.commit({ ...frame, vms: [{ ...vm, labels: { team } }] });
    expect(groups.groups.value.map(({ name }) => name)).toEqual([team]);
  }
  for (const stop of stops) stop();
});

describe('the order of the board', () => {
  const heading = (zone: string | null) => h('h2', null, zone);
  const cardsOf = (board: ReturnType<typeof openBoard>): string[] => {
    const names = board.cluster.hostNames.value;
    const entries = board.arrangement.value?.hosts(names) ?? names;
    return entries.map((entry) => (typeof entry === 'string' ? entry : `# ${entry.props.children}`));
  };

  /** A host's list as a card draws it: with the commit, and then where it is told to. */
  function shownLane({ cluster, arrangement }: ReturnType<typeof openBoard>, host: string) {
    const ordered = () => {
      // Without a card there is no list.
      const ids = cluster.hostNames.value.includes(host) ? cluster.lane('settled', host).value : [];
      return arrangement.value?.vms(ids) ?? ids;
    };
    const ids = signal<readonly VmId[]>([]);
    let draws = 0;
    const stop = effect(() => {
      draws += 1;
      ids.value = ordered();
    });
    return { ids, ordered, stop, draws: () => draws };
  }

  it('is that of the sums of what stands there, and nothing changes places while it is held', () => {
    fc.assert(
      fc.property(fc.array(frameOrHold, { maxLength: 20 }), fc.constantFrom(...SORTS), (steps, text) => {
        const board = openBoard({ sort: text });
        const sort = parseSort(text);
        const stops = [board.order.start(heading), board.picture.start()];
        let isHeld = false;
        let before: readonly string[] = [];
        const lanes = HOSTS.map((name) => shownLane(board, name));
        for (const each of steps) {
          const lanesBefore = lanes.map(({ ids }) => ids.value);
          if (typeof each === 'boolean') {
            board.order.hold(each);
            isHeld = each;
          } else board.commit(each);
          for (const [index, { ids, ordered }] of lanes.entries()) {
            expect(ids.value).toEqual(ordered());
            const old = lanesBefore[index] ?? [];
            const isSame = (id: VmId): boolean => old.includes(id) && ids.value.includes(id);
            if (isHeld) expect(ids.value.filter(isSame)).toEqual(old.filter(isSame));
          }
          const cards = cardsOf(board);
          const names = board.cluster.hostNames.value;
          expect([...cards].sort()).toEqual([...names].sort());
          if (isHeld && sort.key !== 'name') {
            const stayed = cards.filter((name) => before.includes(name));
            expect(stayed).toEqual(before.filter((name) => cards.includes(name)));
          } else {
            const weightAt = (name: string): number =>
              board.vms().reduce((sum, vm) => sum + (homeOf(vm).host === name ? shareOf(vm, sort.key) : 0), 0);
            const weights = cards.map(weightAt);
            if (sort.key !== 'name') expect(weights).toEqual([...weights].sort((a, b) => (sort.isDescending ? b - a : a - b)));
            expect(board.order.isBehind.value).toBe(false);
          }
          before = cards;
        }
        for (const stop of [...stops, ...lanes.map(({ stop }) => stop)]) stop();
        expect(board.arrangement.value).toBeNull();
      }),
    );
  });

  it('costs a commit what it changes: who comes and goes is put in its place in its own list', () => {
    const board = openBoard({ sort: '-memory' });
    const stops = [board.order.start(heading), board.picture.start()];
    const frame = { vms: [], goneVms: [], hosts: [], goneHosts: [], isReplaced: false };
    const vm = (id: string, host: string, memory: number): Vm => {
      const [namespace = '', name = ''] = id.split('/');
      return { id, namespace, name, host, state: 'running', migratable: { ok: true }, memory };
    };
    board.commit({ ...frame, vms: [vm('a/vm-1', 'host-1', 1), vm('a/vm-2', 'host-2', 2)], isReplaced: true });
    const [one, two] = ['host-1', 'host-2'].map((host) => shownLane(board, host));
    board.commit({ ...frame, vms: [vm('b/vm-3', 'host-1', 3)] });
    expect([one?.ids.value, one?.draws(), two?.draws()]).toEqual([['b/vm-3', 'a/vm-1'], 2, 1]);
    board.commit({ ...frame, goneVms: ['a/vm-1'] });
    expect([one?.ids.value, one?.draws(), two?.draws()]).toEqual([['b/vm-3'], 3, 1]);
    // While it is held, one who comes changes nobody else's place, though another one weighs more in the same commit.
    board.commit({ ...frame, vms: [vm('a/vm-1', 'host-1', 1)] });
    board.order.hold(true);
    board.commit({ ...frame, vms: [vm('a/vm-1', 'host-1', 9), vm('c/vm-4', 'host-1', 2)] });
    expect(one?.ids.value).toEqual(['b/vm-3', 'c/vm-4', 'a/vm-1']);
    board.order.hold(false);
    expect(one?.ids.value).toEqual(['a/vm-1', 'b/vm-3', 'c/vm-4']);
    for (const stop of [...stops, one?.stop, two?.stop]) stop?.();
  });

  it('puts hosts under their zones, as these change', () => {
    const board = openBoard({ group: 'zone' });
    const stops = [board.order.start(heading), board.picture.start()];
    const host = (name: string, zone?: string): Host => ({
      name,
      state: 'active',
      reasons: [],
      roles: [],
      ...(zone !== undefined && { zone }),
    });
    const frame = { vms: [], goneVms: [], goneHosts: [], isReplaced: false };
    board.commit({ ...frame, hosts: [host('host-1', 'z10'), host('host-2', 'z2'), host('host-3')] });
    expect(cardsOf(board)).toEqual(['# z2', 'host-2', '# z10', 'host-1', '# null', 'host-3']);
    board.commit({ ...frame, hosts: [host('host-3', 'z2'), host('host-2')] });
    expect(cardsOf(board)).toEqual(['# z2', 'host-3', '# z10', 'host-1', '# null', 'host-2']);
    for (const stop of stops) stop();
  });
});
