import { describe, expect, test } from 'vitest';
import { createVirtualClock } from '../../simulator/clock.ts';
import { createCluster } from '../../simulator/cluster.ts';
import { clusterOptionsFor, createScenario } from '../../simulator/scenario-run.ts';
import { SCENARIO_NAMES, SCENARIOS, type ScenarioName } from '../../simulator/scenarios/registry.ts';
import { DEFAULT_KUBEVIRT } from '../../simulator/traits.ts';
import { isLong, propertyTimeoutMs } from '../support/runs.ts';

/** With these, more VMs than one would have a device, and after a round of draining every host had one that cannot move. */
const SEEDS = [9, 14, 16, 26];
const LONG_SEEDS = Array.from({ length: 200 }, (_, seed) => seed);
const VM_COUNTS = [12, 40];
const ROUNDS_COUNT = isLong ? 8 : 3;

function playRounds(name: ScenarioName, seed: number, vms: number): void {
  const { since } = SCENARIOS[name];
  const options = { vms, seed, kubevirt: since ?? DEFAULT_KUBEVIRT, clock: createVirtualClock(), runId: 'test' };
  const cluster = createCluster(clusterOptionsFor(name, options));
  for (let round = 1; round <= ROUNDS_COUNT; round += 1) {
    const run = createScenario(cluster, name);
    expect(run.finish().length).toBeGreaterThan(0);
    run.restore().finish();
    expect([...cluster.moves, ...cluster.changes], `after round ${round}`).toEqual([]);
  }
}

describe.each(VM_COUNTS)('again and again with %i VMs', (vms) => {
  test.each(SCENARIO_NAMES)(
    '%s',
    (name) => {
      for (const seed of isLong ? LONG_SEEDS : SEEDS) playRounds(name, seed, vms);
    },
    propertyTimeoutMs,
  );
});
