import { describe, expect, test } from 'vitest';
import { createVirtualClock } from '../../simulator/clock.ts';
import { createCluster } from '../../simulator/cluster.ts';
import type { ClusterObject } from '../../simulator/objects.ts';
import { startScenarioLoop } from '../../simulator/scenario-loop.ts';
import { clusterOptionsFor, createScenario } from '../../simulator/scenario-run.ts';
import type { ScenarioName } from '../../simulator/scenarios/registry.ts';
import type { ClusterOptions } from '../../simulator/types.ts';

function begin(name: ScenarioName, options: ClusterOptions = {}) {
  const clock = createVirtualClock();
  const cluster = createCluster(clusterOptionsFor(name, { clock, runId: 'test', ...options }));
  const lines: string[] = [];
  const loop = startScenarioLoop(cluster, name, { log: (line) => lines.push(line) });
  return { clock, cluster, lines, loop };
}

describe('a scenario that plays over and over', () => {
  test('begins after three seconds, with time between the updates, and again after a rest', () => {
    const { clock, cluster, lines } = begin('cordon');
    const { version } = cluster.store;
    clock.advance(2900);
    expect(lines).toEqual([]);
    clock.advance(200);
    expect(lines).toEqual(['scenario cordon begins']);
    expect(cluster.store.version).toBe(version);
    clock.advance(400);
    expect(cluster.store.version).toBe(version + 1);
    clock.advance(6000);
    expect(cluster.store.version, 'six turns in which the host stays cordoned').toBe(version + 1);
    clock.advance(1000);
    expect(lines).toEqual(['scenario cordon begins', 'scenario cordon ends']);
    clock.advance(8500);
    expect(lines).toHaveLength(3);
  });

  test('goes the way back before it begins again', () => {
    const { clock, cluster, lines } = begin('delete');
    const there = (): boolean => cluster.get('virtualmachineinstances', 'default', 'debian-mail-1') !== undefined;
    const seen: boolean[] = [];
    for (let second = 0; second < 90; second += 1) {
      clock.advance(1000);
      if (seen.at(-1) !== there()) seen.push(there());
    }
    expect(seen.slice(0, 5)).toEqual([true, false, true, false, true]);
    expect(lines.filter((line) => line.endsWith('ends')).length).toBeGreaterThan(1);
  });

  test('twice as fast at speed 2', () => {
    const { clock, lines } = begin('cordon', { speed: 2 });
    clock.advance(1600);
    expect(lines).toEqual(['scenario cordon begins']);
    clock.advance(3700);
    expect(lines).toEqual(['scenario cordon begins', 'scenario cordon ends']);
  });

  test.each([1000, 5000])('stopped, or halted with the cluster, it makes no more updates: after %i ms', (ms) => {
    for (const stop of ['stop', 'halt'] as const) {
      const { clock, cluster, loop } = begin('cordon');
      clock.advance(ms);
      if (stop === 'stop') loop.stop();
      else cluster.halt();
      const { version } = cluster.store;
      clock.advance(600_000);
      expect(cluster.store.version).toBe(version);
    }
  });

  const web = { namespace: 'default', name: 'ubuntu-web-1' };

  test('says once what breaks it off, tries again, and goes on when that is over', () => {
    const { clock, cluster, lines } = begin('stop-start');
    clock.advance(3000);
    cluster.deleteVm(web).finish();
    clock.advance(120_000);
    const complaints = lines.filter((line) => line.includes('broke off'));
    expect(complaints).toEqual(['scenario stop-start broke off: No VM default/ubuntu-web-1; it is tried again']);
    expect(lines).not.toContain('scenario stop-start ends');
    cluster.createVm(web).finish();
    clock.advance(120_000);
    expect(lines).toContain('scenario stop-start ends');
  });

  test('survives what it cannot even begin', () => {
    const { clock, cluster, lines } = begin('move');
    clock.advance(3000);
    cluster.deleteVm(web).finish();
    clock.advance(300_000);
    expect(lines.filter((line) => line.includes('broke off')).length).toBeGreaterThan(0);
    expect(lines.filter((line) => line.includes('broke off'))).toEqual([...new Set(lines.filter((line) => line.includes('broke off')))]);
    cluster.createVm(web).finish();
    lines.length = 0;
    clock.advance(120_000);
    expect(lines).toContain('scenario move ends');
  });

  test('leaves nothing half done where it breaks off in the middle', () => {
    const { clock, cluster, lines } = begin('drain-abandoned');
    clock.advance(3000);
    while (cluster.moves.length < 2) clock.advance(1000);
    const { update } = cluster.store;
    const store = cluster.store as { update: typeof update };
    store.update = () => {
      throw new Error('the disk is full');
    };
    while (!lines.some((line) => line.includes('the disk is full'))) clock.advance(100);
    store.update = update;
    clock.advance(300_000);
    expect(lines).toContain('scenario drain-abandoned ends');
  });

  test('is refused at once where the KubeVirt is too old', () => {
    expect(() => begin('queue-backup', { kubevirt: '1.7' })).toThrow('needs KubeVirt 1.8');
  });
});

test('a run plays on the clock, and is done when it is over', () => {
  const clock = createVirtualClock();
  const cluster = createCluster({ clock });
  const run = createScenario(cluster, 'cordon');
  run.play(100);
  clock.advance(300);
  expect(run.done).toBe(false);
  clock.advance(2000);
  expect(run.done).toBe(true);
  expect(run.step()).toBeNull();
});

/** When each of its updates is made, in milliseconds since the beginning. */
function timesOf(name: ScenarioName, isOf: (object: ClusterObject) => boolean): readonly number[] {
  const clock = createVirtualClock();
  const cluster = createCluster(clusterOptionsFor(name, { clock, runId: 'test' }));
  const run = createScenario(cluster, name);
  const begun = clock.now();
  const times: number[] = [];
  const { update } = cluster.store;
  const store = cluster.store as { update: typeof update };
  store.update = (resource, object) => {
    if (isOf(object)) times.push(clock.now() - begun);
    return update(resource, object);
  };
  run.play();
  while (!run.done) clock.advance(50);
  expect(Math.abs(clock.now() - begun - run.elapsedMs), 'what the run says of it').toBeLessThan(1000);
  return times;
}

describe('how long it takes', () => {
  test('a single move can be read', () => {
    const times = timesOf('move', ({ kind }) => kind === 'VirtualMachineInstanceMigration');
    expect(times.at(-1)).toBeGreaterThan(10_000);
    expect(times.at(-1)).toBeLessThan(18_000);
  });

  test('moves that are under way at the same time go on together', () => {
    const all = timesOf('queue-cluster-limit', ({ kind }) => kind === 'VirtualMachineInstanceMigration');
    expect(all.length).toBeGreaterThan(7 * 8);
    expect(all.at(-1), 'two waves of moves, not seven moves').toBeLessThan(30_000);
  });

  test.each([
    ['drain', 75],
    ['queue-host-limit', 40],
    ['power-off', 60],
    ['kubectl-drain', 45],
  ] as const)('%s: less than %i s', (name, seconds) => {
    for (const kubevirt of ['1.5', '1.9'] as const) {
      const cluster = createCluster(clusterOptionsFor(name, { clock: createVirtualClock(), kubevirt, runId: 'test' }));
      const run = createScenario(cluster, name);
      run.finish();
      expect(run.elapsedMs).toBeLessThan(seconds * 1000);
    }
  });
});
