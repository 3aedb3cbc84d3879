/**
 * Kinds that the picture does without where the cluster has none or the role does not allow them (SPEC U10): said once, no reason to
 * wait, left out of what is derived, never told from memory, and looked for again.
 */

import { setTimeout as pause } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { KubeConfig } from '@kubernetes/client-node';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { OPTIONAL_KINDS, type OptionalKind } from '../../core/facts.ts';
import { BATCH_INTERVAL_MS } from '../../core/limits.ts';
import { vmIdOf } from '../../core/model.ts';
import { ClusterWatch } from '../../forwarder/cluster-watch.ts';
import { createKubeClient, type KubeClient } from '../../forwarder/kube-client.ts';
import { createLog } from '../../forwarder/log.ts';
import { KINDS, PROJECTORS, RESOURCES } from '../../forwarder/projector.ts';
import { WATCH_MAX_SECONDS } from '../../forwarder/reflector-state.ts';
import { type ServedCluster, serveCluster } from '../../simulator/api-server.ts';
import { createVirtualClock, type VirtualClock } from '../../simulator/clock.ts';
import { createCluster } from '../../simulator/cluster.ts';
import type { VirtualMachineInstance as Instance, ResourceName } from '../../simulator/objects.ts';
import type { Cluster } from '../../simulator/types.ts';
import { type ForwarderUnderTest, runForwarder } from '../apiserver/running-forwarder.ts';
import { HeldClock, isOptionalRetry } from './held-clock.ts';
import { type Entity, idOf, OPTIONAL_RESOURCES, TRACES, type Trace } from './optional-traces.ts';

/** Backoffs become short; a wait that was asked for is never shortened. */
const random = (): number => 0.001;

let cluster: Cluster;
let served: ServedCluster;
let serverClock: VirtualClock;
let clock: HeldClock;
let trace: Trace;

beforeEach(async () => {
  cluster = createCluster({ name: 'harvester', hosts: 3, vms: 12, seed: 1, inventories: true });
  serverClock = createVirtualClock();
  served = await serveCluster(cluster, { clock: serverClock });
  clock = new HeldClock(isOptionalRetry);
});
afterEach(() => served.close());

interface Refusal {
  readonly what: string;
  readonly strike: (resource: ResourceName) => void;
  /** NAME stands for the kind's. */
  readonly said: string;
  /** Only a person can change it, so it is asked for once a minute. */
  readonly isFinal: boolean;
}

const REFUSALS: readonly Refusal[] = [
  {
    what: 'not installed (404)',
    strike: (resource) => cluster.faults.withoutKind(resource),
    said: 'the API server \\S+ does not know NAME \\(404\\)',
    isFinal: true,
  },
  {
    what: 'forbidden (403)',
    strike: (resource) => cluster.faults.forbid('*', resource),
    said: 'not allowed to (list|watch) NAME: .*; grant get, list, watch on NAME',
    isFinal: true,
  },
  {
    what: 'failing (500)',
    strike: (resource) => cluster.faults.failNext(Number.MAX_SAFE_INTEGER, 500, { kind: resource }),
    said: 'cannot (list|watch) NAME: the API server \\S+ answers 500: .*',
    isFinal: false,
  },
];
const NOT_TO_BE_WATCHED: Refusal = {
  what: 'listed, but not to be watched (403)',
  strike: (resource) => cluster.faults.forbid('watch', resource),
  said: 'not allowed to watch NAME: .*; grant get, list, watch on NAME',
  isFinal: true,
};
const CASES = OPTIONAL_KINDS.flatMap((kind) => REFUSALS.map((refusal) => ({ kind, ...refusal })));

describe('a forwarder', () => {
  let run: ForwarderUnderTest;

  afterEach(() => run?.stop());

  const entities = (): Entity[] => [...run.edge.hosts.values(), ...run.edge.vms.values()];
  const shown = (): unknown => trace.view(entities().find((entity) => idOf(entity) === trace.id));
  const untilShown = (view: unknown): Promise<void> => run.edge.until(() => isDeepStrictEqual(shown(), view));
  /** Every line that names the kind. */
  const linesOf = (kind: OptionalKind): readonly string[] =>
    run.lines.filter((line) => line.includes(OPTIONAL_RESOURCES[kind].name)).map((line) => line.trimEnd());
  const without = (kind: OptionalKind, said: string): unknown =>
    expect.stringMatching(new RegExp(`^info: going on without NAME: ${said}$`.replaceAll('NAME', OPTIONAL_RESOURCES[kind].name)));
  const again = (kind: OptionalKind): string => `info: ${OPTIONAL_RESOURCES[kind].name} is watched`;
  const warnings = (): readonly string[] => run.lines.filter((line) => !line.startsWith('info:'));

  test.each([...CASES, { kind: 'power' as const, ...NOT_TO_BE_WATCHED }])(
    '$kind, $what: said once and done without; had when it can be',
    async ({ kind, strike, said, isFinal }) => {
      trace = TRACES[kind](cluster);
      strike(OPTIONAL_RESOURCES[kind].resource);
      run = await runForwarder(served.kubeconfig, { clock, random });
      await run.edge.until(() => run.edge.isSynced);
      expect(run.forwarder.isWatched).toBe(true);
      expect(shown()).toEqual(trace.unknown);
      if (isFinal) {
        await clock.untilHeld(1);
        clock.release();
        await clock.untilHeld(1);
      }
      expect(linesOf(kind)).toEqual([without(kind, said)]);
      cluster.faults.clear();
      clock.release();
      await untilShown(trace.known);
      expect(run.forwarder.isWatched).toBe(true);
      expect(linesOf(kind)).toEqual([without(kind, said), again(kind)]);
      expect(warnings()).toEqual([]);
      expect(run.edge.sessions).toHaveLength(1);
    },
  );

  test.each(CASES)('$kind, at first there, then $what: no longer told, and not from memory later', async ({ kind, strike, said }) => {
    trace = TRACES[kind](cluster);
    run = await runForwarder(served.kubeconfig, { clock, random });
    await run.edge.until(() => run.edge.isSynced);
    expect(shown()).toEqual(trace.known);
    strike(OPTIONAL_RESOURCES[kind].resource);
    // A refusal is met when a watch is over and the next one is asked for.
    serverClock.advance(WATCH_MAX_SECONDS * 1_000);
    await untilShown(trace.unknown);
    expect(run.forwarder.isWatched).toBe(true);
    expect(linesOf(kind)).toEqual([without(kind, said)]);

    trace.change();
    const batchCount = run.edge.batches.length;
    // Now a batch leaves at once, so that nothing that is true for a moment only can hide.
    await pause(BATCH_INTERVAL_MS);
    cluster.faults.clear();
    clock.release();
    await untilShown(trace.changed);
    const told = run.edge.batches
      .slice(batchCount)
      .flatMap((batch): Entity[] => (batch.kind === 'changes' ? [...batch.hosts, ...batch.vms] : []))
      .filter((entity) => idOf(entity) === trace.id)
      .map((entity) => trace.view(entity));
    expect(told).not.toContainEqual(trace.known);
    expect(warnings()).toEqual([]);
  });

  test('none of them is to be had: one line each, and the rest is told', async () => {
    for (const kind of OPTIONAL_KINDS) cluster.faults.withoutKind(OPTIONAL_RESOURCES[kind].resource);
    run = await runForwarder(served.kubeconfig, { clock, random });
    await run.edge.until(() => run.edge.isSynced);
    await clock.untilHeld(OPTIONAL_KINDS.length);
    expect(run.forwarder.isWatched).toBe(true);
    expect(run.lines.filter((line) => line.includes('going on without'))).toHaveLength(OPTIONAL_KINDS.length);
    expect(warnings()).toEqual([]);
    expect(run.edge.vms.size).toBe(cluster.list('virtualmachines').length);
  });
});

describe('a watch', () => {
  let watch: ClusterWatch;
  let lines: string[];
  let look: () => void;
  let stop: () => Promise<void>;

  afterEach(() => stop());

  function start(wrap = (client: KubeClient): KubeClient => client): void {
    const config = new KubeConfig();
    config.loadFromClusterAndUser({ name: 'test', server: served.url, skipTLSVerify: true }, { name: 'test' });
    const client = createKubeClient(config);
    lines = [];
    look = () => {};
    const log = createLog({ level: 'info', format: 'text', write: (line) => lines.push(line), now: () => new Date() });
    watch = new ClusterWatch({ client: wrap(client), log, clock, random });
    const stopping = new AbortController();
    const running = watch.run(stopping.signal, () => look());
    stop = async () => {
      stopping.abort();
      await running;
      client.close();
    };
  }
  const until = (condition: () => boolean): Promise<void> =>
    new Promise((resolve) => {
      look = () => condition() && resolve();
      look();
    });
  const shown = (): unknown => trace.view(watch.inventory.hosts.get(trace.id) ?? watch.inventory.vms.get(trace.id));
  const warnings = (): readonly string[] => lines.filter((line) => line.startsWith('warn:'));

  /** One more of the kind, to which nothing can be joined: it has no uid. */
  function addOdd(kind: OptionalKind, name: string): void {
    const { resource } = OPTIONAL_RESOURCES[kind];
    const sound = cluster.list(resource).find((object) => PROJECTORS[kind](object).ok);
    cluster.store.create(resource, { ...sound, metadata: { ...sound?.metadata, name, uid: '' } } as never);
  }

  test.each(OPTIONAL_KINDS)('%s that has not answered yet holds the picture back: it may have something to say', async (kind) => {
    const answered = Promise.withResolvers<void>();
    const isHeldBack = (path: string): boolean => path.startsWith(`${RESOURCES[kind].path}?`);
    start((client) => ({
      ...client,
      openStream: async (path, signal) => {
        if (isHeldBack(path)) await answered.promise;
        return client.openStream(path, signal);
      },
    }));
    await until(() => served.watchCount === KINDS.length - 1);
    await pause(10);
    expect(watch.isWatched).toBe(false);
    answered.resolve();
    await until(() => watch.isWatched);
  });

  test.each(OPTIONAL_KINDS)(
    '%s without identity: counted and left out with one warning, listed or heard of later, and when they go',
    async (kind) => {
      const { resource, name } = OPTIONAL_RESOURCES[kind];
      trace = TRACES[kind](cluster);
      addOdd(kind, 'a-first');
      start();
      await until(() => watch.isWatched);
      expect(watch.malformedCounts).toEqual({ refused: 1, odd: 0 });
      expect(shown()).toEqual(trace.known);
      addOdd(kind, 'a-second');
      await until(() => watch.malformedCounts.refused === 2);
      trace.change();
      await until(() => isDeepStrictEqual(shown(), trace.changed));

      // Whose end it was is not known, so that only a list can tell.
      for (const odd of cluster.list(resource).filter(({ metadata }) => metadata.uid === '')) {
        cluster.store.remove(resource, odd.metadata.namespace, odd.metadata.name);
      }
      await until(() => lines.includes(`info: ${name} is watched\n`));
      expect(shown()).toEqual(trace.changed);
      expect(watch.isWatched).toBe(true);
      expect(warnings()).toEqual([`warn: left out an object of ${name} that cannot be understood: metadata.uid is missing\n`]);
    },
  );

  const ENDS: Readonly<Record<string, (sound: Instance, odd: Instance) => unknown>> = {
    mended: (sound, { metadata }) => cluster.store.update('virtualmachineinstances', { ...sound, metadata }),
    deleted: (_sound, { metadata }) => cluster.store.remove('virtualmachineinstances', metadata.namespace, metadata.name),
    'deleted while nobody listened': (_sound, { metadata }) => {
      cluster.faults.cutWatches();
      cluster.store.remove('virtualmachineinstances', metadata.namespace, metadata.name);
      cluster.faults.forgetHistory();
    },
  };
  test.each(Object.entries(ENDS))('an instance whose status is no status is odd until it is %s; no other suffers', async (_what, end) => {
    start();
    await until(() => watch.isWatched);
    const [sound] = cluster.list('virtualmachineinstances');
    if (sound === undefined) throw new Error('no instance');
    const id = vmIdOf(sound.metadata.namespace ?? '', sound.metadata.name);
    const others = (): unknown => [...watch.inventory.vms].filter(([other]) => other !== id);
    const before = others();
    const metadata = { ...sound.metadata, finalizers: [] };
    const odd = cluster.store.update('virtualmachineinstances', { ...sound, metadata, status: 'Running' } as never);
    await until(() => watch.malformedCounts.odd === 1);
    expect(watch.inventory.vms.get(id)?.state).toBe('unknown');
    expect(others()).toEqual(before);
    end(sound, odd as Instance);
    await until(() => watch.malformedCounts.odd === 0 && watch.isWatched);
    expect(watch.inventory.vms.get(id)?.state).not.toBe('unknown');
    expect(others()).toEqual(before);
    expect(watch.malformedCounts.refused).toBe(0);
    expect(warnings().filter((line) => line.includes('cannot be understood'))).toHaveLength(1);
  });
});
