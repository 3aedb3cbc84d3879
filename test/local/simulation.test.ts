import { expect, test } from 'vitest';
import { startSimulation } from '../../local/simulation.ts';
import { eventually } from '../support/stack.ts';

const OPTIONS = { cluster: 'harvester', hosts: 3, vms: 12, seed: 1, speed: 200, kubevirt: '1.9' } as const;

test('a scenario plays over and over, and the log says when it begins and ends', async () => {
  const lines: string[] = [];
  const simulation = await startSimulation({ ...OPTIONS, scenario: 'cordon', log: (line) => lines.push(line) });
  try {
    await eventually(
      () => lines,
      ({ length }) => length >= 4,
      'the scenario has played twice',
    );
    expect(lines.slice(0, 4)).toEqual(['scenario cordon begins', 'scenario cordon ends', 'scenario cordon begins', 'scenario cordon ends']);
    expect(simulation.kubeconfig).toContain('current-context: "harvester"');
  } finally {
    await simulation.stop();
  }
  const { length } = lines;
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(lines, 'stopped').toHaveLength(length);
});

test('what the scenario needs is there: more VMs, inventories', async () => {
  const simulation = await startSimulation({ ...OPTIONS, scenario: 'power-off', log: () => undefined });
  try {
    const server = /server: "([^"]+)"/.exec(simulation.kubeconfig)?.[1] ?? '';
    const list = await fetch(`${server}/apis/metal.harvesterhci.io/v1alpha1/inventories`);
    expect(((await list.json()) as { items: unknown[] }).items).toHaveLength(3);
  } finally {
    await simulation.stop();
  }
});
