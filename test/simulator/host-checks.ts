/** What must be true of each scenario in which something happens to a host. */
import { expect } from 'vitest';
import type { Node } from '../../simulator/objects.ts';
import { guestsOf } from '../../simulator/scenarios/casting.ts';
import type { ScenarioName } from '../../simulator/scenarios/registry.ts';
import type { VmRef } from '../../simulator/types.ts';
import type { Check } from './move-checks.ts';
import { conditionOf, type Story } from './scenario-story.ts';

const MAINTAIN = 'harvesterhci.io/maintain-status';
const REQUESTED = 'harvesterhci.io/drain-requested';
const requestOf = ({ metadata }: Node) => metadata.annotations?.[REQUESTED];
const maintenanceOf = ({ metadata }: Node) => metadata.annotations?.[MAINTAIN];
const isCordoned = ({ spec }: Node): boolean => spec.unschedulable === true;
const hostValues = <T>({ values, host }: Story, read: (node: Node) => T): readonly T[] => values('nodes', { name: host }, read);
const nodeOf = ({ cluster, host }: Story) => cluster.get('nodes', undefined, host);
const evacuationsOf = ({ seen }: Story, vm: VmRef) => seen(vm, ({ status }) => status.evacuationNodeName);
const inventoryValues = ({ values, host }: Story) =>
  values('inventories', { namespace: 'harvester-system', name: host }, ({ spec, status }) =>
    [spec.powerActionRequested ?? '-', status.powerAction?.actionStatus ?? '-', status.machinePowerState].join(' '),
  );

/** Every subject has left the host, each by a migration that says why. */
function expectEvacuated(story: Story): void {
  expect(guestsOf(story.cluster, story.host)).toEqual([]);
  for (const vm of story.subjects.vms) {
    const last = story.migrationsOf(vm).at(-1);
    expect(last?.metadata.annotations?.['kubevirt.io/evacuationMigration']).toBe(story.host);
    expect(last?.metadata.name).toMatch(/^kubevirt-evacuation-/);
    expect(last?.spec.priority).toBe(story.cluster.traits.hasPriority ? 'system-critical' : undefined);
    expect(story.vmi(vm)?.status.evacuationNodeName).toBeUndefined();
    expect(conditionOf('EvictionRequested')(story.vmi(vm) ?? {})).toBe('-');
  }
}

/** Harvester asks, empties the host, and only then says that maintenance is running, and completed. */
function expectMaintained(story: Story): void {
  const of = (node: Node): string => [requestOf(node) ?? '-', maintenanceOf(node) ?? '-'].join(' ');
  expect(hostValues(story, of)).toEqual(['- -', 'true -', '- running', '- completed']);
  const names = story.reports.map(({ name }) => name);
  const hasLeft = (name: string): boolean => ['Switched', 'InstanceGone'].includes(name);
  expect(names.indexOf('MaintenanceRunning')).toBeGreaterThan(names.findLastIndex(hasLeft));
}

/** The guests were marked before they left. */
function expectMarked(story: Story): void {
  for (const vm of story.subjects.vms) {
    expect(evacuationsOf(story, vm)).toEqual([undefined, story.host, undefined]);
    expect(story.seen(vm, conditionOf('EvictionRequested'))).toEqual(
      story.cluster.traits.hasEvictionRequested ? ['-', 'True', '-'] : ['-'],
    );
  }
}

/** Before 1.9 at most two VMIMs at a time are there that are not over; from 1.9 on all of them are. */
function expectCreatedAsVersioned({ reports, cluster, subjects }: Story): void {
  const open = new Set<string>();
  let most = 0;
  for (const { object } of reports) {
    if (object?.kind !== 'VirtualMachineInstanceMigration') continue;
    if (['Succeeded', 'Failed'].includes(object.status?.phase ?? '')) open.delete(object.metadata.uid);
    else open.add(object.metadata.uid);
    most = Math.max(most, open.size);
  }
  expect(most).toBe(cluster.traits.evacuatesAllAtOnce ? subjects.vms.length : Math.min(2, subjects.vms.length));
}

function expectReadiness(story: Story, status: 'Unknown' | 'False'): void {
  const states = hostValues(story, conditionOf('Ready')).map((text) => text.split(' ')[0]);
  expect(states).toEqual(['True', status, 'True']);
  expect(story.subjects.vms.length).toBeGreaterThan(0);
  for (const vm of story.subjects.vms) {
    expect(story.seen(vm, ({ status: { phase } }) => phase)).toEqual(['Running']);
    expect(story.seen(vm, (vmi) => conditionOf('Ready')(vmi).split(' ')[0])).toEqual(['True', 'False', 'True']);
  }
}

export const HOST_CHECKS = {
  'dead-host': (story) => expectReadiness(story, 'Unknown'),
  'not-ready-host': (story) => expectReadiness(story, 'False'),
  'dead-host-lost': (story) => {
    expect(hostValues(story, conditionOf('Ready')).at(-1)).toMatch(/^Unknown/);
    expect(nodeOf(story)?.metadata.labels?.['kubevirt.io/schedulable']).toBe('false');
    for (const vm of story.subjects.vms) {
      expect(story.seen(vm, ({ status }) => status.reason)).toContain('NodeUnresponsive');
      expect(story.seen(vm, ({ metadata }) => metadata.uid)).toHaveLength(2);
      expect(story.vmi(vm)?.status).toMatchObject({ phase: 'Running', nodeName: expect.not.stringMatching(`^${story.host}$`) });
    }
  },
  cordon: (story) => expect(hostValues(story, isCordoned)).toEqual([false, true, false]),
  'host-pressure': (story) => {
    expect(hostValues(story, (node) => conditionOf('MemoryPressure')(node).split(' ')[0])).toEqual(['False', 'True', 'False']);
    expect(hostValues(story, ({ spec }) => spec.taints?.map(({ key }) => key) ?? [])).toEqual([
      [],
      ['node.kubernetes.io/memory-pressure'],
      [],
    ]);
  },
  witness: (story) => {
    expect(nodeOf(story)?.metadata.labels?.['node-role.harvesterhci.io/witness']).toBe('true');
    expect(story.cluster.list('nodes')).toHaveLength(4);
    expect(guestsOf(story.cluster, story.host)).toEqual([]);
    expect(story.hostsOf(story.vm)).toEqual(story.subjects.hosts.slice(1));
  },
  drain: (story) => {
    expect(story.subjects.vms.length).toBeGreaterThanOrEqual(6);
    expectEvacuated(story);
    expectMarked(story);
    expectCreatedAsVersioned(story);
    expectMaintained(story);
  },
  'drain-stuck': (story) => {
    expect(hostValues(story, maintenanceOf)).toEqual([undefined]);
    expect(nodeOf(story)?.metadata.annotations).toMatchObject({ [REQUESTED]: 'true', 'harvesterhci.io/drain-forced': 'true' });
    expect(guestsOf(story.cluster, story.host)).toEqual([story.vm]);
    expect(story.vmi(story.vm)?.metadata.labels?.['harvesterhci.io/maintain-mode-strategy']).toBe('Migrate');
    expect(evacuationsOf(story, story.vm)).toEqual([undefined]);
  },
  'drain-shutdown': (story) => {
    expect(story.vmi(story.vm)).toBeUndefined();
    expectMaintained(story);
    const vm = story.cluster.get('virtualmachines', story.vm.namespace, story.vm.name);
    expect(vm?.metadata.annotations?.['harvesterhci.io/maintain-mode-strategy-node-name']).toBe(story.host);
  },
  'drain-loop': (story) => {
    expect(guestsOf(story.cluster, story.host)).toEqual([story.vm]);
    expect(story.phasesOf(story.vm).map((phases) => phases.at(-1))).toEqual(['Failed', 'Failed', 'Failed', 'Pending']);
    const timesOf = (phase: string) =>
      story.times.filter((_, index) => {
        const object = story.reports[index]?.object;
        const isOwn = object?.kind === 'VirtualMachineInstanceMigration' && object.spec.vmiName === story.vm.name;
        return isOwn && object.status?.phase === phase && story.reports[index]?.name === phase;
      });
    const failures = timesOf('Failed');
    const waits = timesOf('Scheduling')
      .slice(1)
      .map((time, retry) => time - (failures[retry] ?? 0));
    expect(waits).toHaveLength(2);
    // KubeVirt's own: 20 s, doubled; a little later the VMIM is Scheduling.
    for (const [retry, seconds] of [20, 40].entries()) {
      expect(waits[retry]).toBeGreaterThan(seconds * 1000);
      expect(waits[retry]).toBeLessThan((seconds + 6) * 1000);
    }
  },
  'kubectl-drain': (story) => {
    expectEvacuated(story);
    expectMarked(story);
    expectCreatedAsVersioned(story);
    expect(hostValues(story, maintenanceOf)).toEqual([undefined]);
    expect(hostValues(story, isCordoned)).toEqual([false, true]);
  },
  'drain-taint': (story) => {
    expectEvacuated(story);
    expect(nodeOf(story)?.spec.taints?.map(({ key }) => key)).toEqual(['kubevirt.io/drain']);
    expect(hostValues(story, isCordoned)).toEqual([false]);
    for (const vm of story.subjects.vms) expect(evacuationsOf(story, vm)).toEqual([undefined]);
  },
  'drain-abandoned': (story) => {
    expect(hostValues(story, isCordoned)).toEqual([false, true, false]);
    expect(hostValues(story, maintenanceOf)).toEqual([undefined]);
    expect(hostValues(story, requestOf)).toEqual([undefined, 'true', undefined]);
    const moved = story.subjects.vms.filter((vm) => story.vmi(vm)?.status.nodeName !== story.host);
    expect(moved.length).toBe(story.cluster.traits.evacuatesAllAtOnce ? story.subjects.vms.length : 2);
    expect(story.cluster.list('virtualmachineinstances').filter(({ status }) => status.evacuationNodeName !== undefined)).toEqual([]);
  },
  rebalance: (story) => {
    expect(story.hostsOf(story.vm)).toEqual(story.subjects.hosts);
    const sources = story.seen(story.vm, ({ metadata }) => metadata.annotations?.['kubevirt.io/eviction-source']);
    expect(sources).toEqual([undefined, 'descheduler', undefined]);
    expect(evacuationsOf(story, story.vm)).toEqual([undefined, story.host, undefined]);
    expect(story.migrationsOf(story.vm)[0]?.spec.priority).toBe(story.cluster.traits.hasPriority ? 'system-maintenance' : undefined);
  },
  'harvester-upgrade': (story) => {
    expectEvacuated(story);
    expectMarked(story);
    const ref = { namespace: 'harvester-system', name: 'hvst-upgrade-8dfqv' };
    const states = story.values('upgrades', ref, ({ status }) => status.nodeStatuses[story.host]?.state);
    expect(states).toEqual(['Images preloaded', 'Pre-draining', 'Pre-drained', 'Post-draining', 'Waiting Reboot', 'Succeeded']);
    expect(story.values('upgrades', ref, conditionOf('Completed'))).toEqual(['Unknown', 'True']);
    expect(hostValues(story, maintenanceOf)).toEqual([undefined]);
    expect(nodeOf(story)).toMatchObject({
      status: { conditions: expect.arrayContaining([expect.objectContaining({ type: 'Ready', status: 'True' })]) },
    });
  },
  'power-off': (story) => {
    expectEvacuated(story);
    expect(inventoryValues(story)).toEqual(['- - on', 'shutdown - on', 'shutdown complete off', 'poweron - off', 'poweron complete on']);
    expect(hostValues(story, conditionOf('Ready')).map((text) => text.split(' ')[0])).toEqual(['True', 'Unknown', 'True']);
    expectMaintained(story);
  },
  'power-reboot': (story) => {
    expectEvacuated(story);
    expect(inventoryValues(story)).toEqual(['- - on', 'reboot - on', 'reboot complete on']);
    expect(hostValues(story, conditionOf('Ready')).map((text) => text.split(' ')[0])).toEqual(['True', 'Unknown', 'True']);
  },
} as const satisfies Partial<Record<ScenarioName, Check>>;
