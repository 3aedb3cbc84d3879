import { describe, expect, test } from 'vitest';
import { createVirtualClock } from '../../simulator/clock.ts';
import { createCluster } from '../../simulator/cluster.ts';
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
  test('begins after three seconds, one update every 0.7 s, and again after a rest', () => {
    const { clock, cluster, lines } = begin('cordon');
    const { version } = cluster.store;
    clock.advance(2900);
    expect(lines).toEqual([]);
    clock.advance(200);
    expect(lines).toEqual(['scenario cordon begins']);
    expect(cluster.store.version).toBe(version);
    clock.advance(700);
    expect(cluster.store.version).toBe(version + 1);
    clock.advance(700 * 12);
    expect(lines).toEqual(['scenario cordon begins', 'scenario cordon ends']);
    clock.advance(8000);
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
    clock.advance(350 * 11);
    expect(lines).toEqual(['scenario cordon begins', 'scenario cordon ends']);
  });

  test('stopped, or halted with the cluster, it makes no more updates', () => {
    for (const stop of ['stop', 'halt'] as const) {
      const { clock, cluster, loop } = begin('cordon');
      clock.advance(1000);
      if (stop === 'stop') loop.stop();
      else cluster.halt();
      const { version } = cluster.store;
      clock.advance(600_000);
      expect(cluster.store.version).toBe(version);
    }
  });

  test('says so where it breaks off', () => {
    const { clock, cluster, lines } = begin('stop-start');
    clock.advance(3000);
    cluster.deleteVm({ namespace: 'default', name: 'ubuntu-web-1' }).finish();
    clock.advance(60_000);
    expect(lines.at(-1)).toMatch(/^scenario stop-start broke off: No VM default\/ubuntu-web-1$/);
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
  clock.advance(1000);
  expect(run.done).toBe(true);
  expect(run.step()).toBeNull();
});
