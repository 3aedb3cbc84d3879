/** A VM moves on a real API server, written as KubeVirt writes it, and the uplink tells it truly (SPEC T1, T2, T5, L1–L4). */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { lanesOf } from '../../core/lanes.ts';
import type { DerivedVm } from '../../core/model.ts';
import { createCluster } from '../../simulator/cluster.ts';
import type { MigrationInput, MigrationStepName } from '../../simulator/migration-timeline.ts';
import type { KubeVirtVersion } from '../../simulator/traits.ts';
import { findKubeApiServer, installCrds, type KubeApiServer, startKubeApiServer } from '../support/kube-apiserver.ts';
import { TEST_RESOURCES } from '../support/kube-client.ts';
import { driveMigration } from '../support/migration-script.ts';
import { type ForwarderUnderTest, runForwarder } from './running-forwarder.ts';
import { seedApiServer } from './seed.ts';

const assets = findKubeApiServer();
const cluster = createCluster({ name: 'harvester', hosts: 3, vms: 12, seed: 1 });
const ID = 'default/ubuntu-web-1';

describe.skipIf(assets === null)('the live path on a real API server', () => {
  let server: KubeApiServer;
  let run: ForwarderUnderTest;

  beforeAll(async () => {
    server = await startKubeApiServer(assets ?? '');
    await installCrds(server.admin);
    await seedApiServer(server.admin, cluster);
    run = await runForwarder(server.forwarderKubeConfig);
    await run.edge.until(() => run.edge.isSynced);
  });

  afterAll(async () => {
    await run?.stop();
    await server?.stop();
  });

  const vmNow = (): DerivedVm => {
    const vm = run.edge.vms.get(ID);
    if (vm === undefined) throw new Error(`${ID} is missing`);
    return vm;
  };
  const untilVm = (condition: (vm: DerivedVm) => boolean): Promise<void> => run.edge.until(() => condition(vmNow()));

  async function inputFor(kubevirt: KubeVirtVersion, name: string, more: Partial<MigrationInput> = {}): Promise<MigrationInput> {
    const source = vmNow().host ?? '';
    const target = cluster.list('nodes').find(({ metadata }) => metadata.name !== source)?.metadata.name ?? '';
    return {
      kubevirt,
      cause: 'harvester',
      outcome: 'succeeded',
      namespace: 'default',
      vmName: 'ubuntu-web-1',
      vmimName: name,
      vmimUid: 'the server gives its own',
      source,
      target,
      requested: target,
      sourcePod: 'virt-launcher-ubuntu-web-1-aaaaa',
      targetPod: `virt-launcher-${name}`,
      targetPodUid: `${name}-pod`,
      targetAddress: '10.52.1.7:49152',
      ...more,
    };
  }

  /** What was told of the VM since, each as it stood in its batch, repetitions left out. */
  const toldSince = (batchCount: number): readonly DerivedVm[] =>
    run.edge.batches.slice(batchCount).flatMap((batch) => (batch.kind === 'changes' ? batch.vms.filter(({ id }) => id === ID) : []));
  const laneText = (vm: DerivedVm): string => {
    const { settled, leaving, arriving } = lanesOf(vm);
    return settled === null ? `${leaving} > ${arriving ?? '?'}` : settled;
  };
  const runLengths = (texts: readonly string[]): readonly string[] => texts.filter((text, index) => text !== texts[index - 1]);

  test('the first picture is what the API server has', () => {
    expect([...run.edge.hosts.keys()].sort()).toEqual(
      cluster
        .list('nodes')
        .map(({ metadata }) => metadata.name)
        .sort(),
    );
    expect(run.edge.vms.size).toBe(cluster.list('virtualmachines').length);
    for (const vmi of cluster.list('virtualmachineinstances')) {
      const id = `${vmi.metadata.namespace}/${vmi.metadata.name}`;
      expect([id, run.edge.vms.get(id)?.host]).toEqual([id, vmi.status.nodeName ?? null]);
    }
  });

  for (const kubevirt of ['1.6', '1.5'] as const) {
    test(`a migration that succeeds, KubeVirt ${kubevirt}: leaves at its start, stands in the target's list when nodeName flips`, async () => {
      const input = await inputFor(kubevirt, `ubuntu-web-1-${kubevirt.replace('.', '')}`);
      const { source, target } = input;
      const before = run.edge.batches.length;
      const drive = driveMigration(server.admin, input);
      const seen: Readonly<Partial<Record<MigrationStepName, (vm: DerivedVm) => boolean>>> = {
        Pending: (vm) => vm.transit?.stage === 'queued' && vm.transit.requested === target,
        Scheduling: (vm) => vm.transit?.stage === 'scheduling',
        HandedOver: (vm) => vm.transit?.to === target,
        PreparingTarget: (vm) => vm.transit?.stage === 'preparing',
        Running: (vm) => vm.transit?.stage === 'transferring',
        TargetDomainReady: (vm) => vm.transit?.stage === 'switching',
        Switched: (vm) => vm.host === target && vm.transit?.stage === 'finishing',
      };
      for (const [step, condition] of Object.entries(seen)) {
        await drive.stepTo(step as MigrationStepName);
        await untilVm(condition);
      }
      await drive.finish();
      await untilVm((vm) => vm.transit === undefined);
      const told = toldSince(before);
      expect(new Set(told.map(({ state }) => state))).toEqual(new Set(['running']));
      expect(runLengths(told.map(laneText))).toEqual([source, `${source} > ?`, `${source} > ${target}`, target]);
      const vmim = await server.admin.get(TEST_RESOURCES.virtualmachineinstancemigrations, input.vmimName, 'default');
      await run.edge.until(() => run.edge.finished.some(({ id }) => id === vmim.metadata.uid));
      const ends = run.edge.finished.filter(({ id }) => id === vmim.metadata.uid);
      expect(ends).toMatchObject([{ vm: ID, outcome: 'succeeded', cause: 'user', from: source, to: target }]);
    });
  }

  for (const outcome of ['failed', 'failed-before-handoff', 'aborted', 'aborted-before-handoff'] as const) {
    test(`a migration that is ${outcome} leaves the VM where it was, and its end is told once, or again where more is known`, async () => {
      const input = await inputFor('1.6', `ubuntu-web-1-${outcome}`, { outcome });
      const before = run.edge.batches.length;
      const endsBefore = run.edge.finished.length;
      // What more is known of the end of one before can still be on its way.
      const known = new Set(run.edge.finished.map(({ id }) => id));
      const endsNow = () => run.edge.finished.slice(endsBefore).filter(({ id }) => !known.has(id));
      const drive = driveMigration(server.admin, input);
      await drive.stepTo('Scheduling');
      await untilVm((vm) => vm.transit?.stage === 'scheduling');
      if (outcome === 'failed') {
        // The instance alone says why. Its watch and the migration's have no order between them (T5), so it is let go first.
        await drive.stepTo('SourceFailed');
        await untilVm((vm) => vm.transit === undefined);
      }
      await drive.finish();
      await untilVm((vm) => vm.transit === undefined);
      await run.edge.until(() => endsNow().length > 0);
      const told = toldSince(before);
      expect(new Set(told.map(({ host }) => host))).toEqual(new Set([input.source]));
      expect(told.map(laneText).at(-1)).toBe(input.source);
      const ends = endsNow();
      expect(new Set(ends.map(({ id }) => id)).size).toBe(1);
      for (const [index, end] of ends.entries()) {
        expect(end).toMatchObject({ ...ends[index - 1], outcome: outcome.startsWith('aborted') ? 'aborted' : 'failed', cause: 'user' });
        if (index > 0) expect(Object.keys(end).length).toBeGreaterThan(Object.keys(ends[index - 1] ?? {}).length);
      }
      if (outcome === 'failed') expect(ends[0]?.reason).toContain('Live migration failed');
    });
  }

  test('a stopped VM is off, a deleted one is gone, a new one is there', async () => {
    const vmi = { name: 'debian-mail-1', namespace: 'default' };
    await server.admin.patch(TEST_RESOURCES.virtualmachines, vmi, { spec: { runStrategy: 'Halted' } });
    await server.admin.patch(TEST_RESOURCES.virtualmachineinstances, vmi, { metadata: { finalizers: null } });
    await server.admin.delete(TEST_RESOURCES.virtualmachineinstances, vmi.name, vmi.namespace);
    await server.admin.patchStatus(TEST_RESOURCES.virtualmachines, vmi, { status: { printableStatus: 'Stopped', created: false } });
    await run.edge.until(() => run.edge.vms.get('default/debian-mail-1')?.state === 'off');
    expect(run.edge.vms.get('default/debian-mail-1')?.host).toBeNull();

    await server.admin.patch(TEST_RESOURCES.virtualmachines, vmi, { metadata: { finalizers: null } });
    await server.admin.delete(TEST_RESOURCES.virtualmachines, vmi.name, vmi.namespace);
    await run.edge.until(() => !run.edge.vms.has('default/debian-mail-1'));

    const another = await server.admin.get(TEST_RESOURCES.virtualmachines, 'debian-archive-1', 'default');
    await server.admin.create(TEST_RESOURCES.virtualmachines, { ...another, metadata: { name: 'debian-new-1', namespace: 'default' } });
    await run.edge.until(() => run.edge.vms.has('default/debian-new-1'));
  });

  test('a cordoned host is told as such, and so is one whose kubelet fell silent', async () => {
    const [first = '', second = ''] = cluster.list('nodes').map(({ metadata }) => metadata.name);
    await server.admin.patch(TEST_RESOURCES.nodes, { name: first }, { spec: { unschedulable: true } });
    await run.edge.until(() => run.edge.hosts.get(first)?.state === 'cordoned');
    const node = await server.admin.get(TEST_RESOURCES.nodes, second);
    const status = { ...(node.status as object), conditions: [{ type: 'Ready', status: 'Unknown', reason: 'NodeStatusUnknown' }] };
    await server.admin.replaceStatus(TEST_RESOURCES.nodes, { ...node, status });
    await run.edge.until(() => run.edge.hosts.get(second)?.state === 'in-progress');
    expect(run.edge.hosts.get(second)?.reasons).toEqual(['NodeStatusUnknown']);
  });

  test('nothing went wrong on the way: one session, no batch refused or repeated', () => {
    expect(run.edge.sessions).toHaveLength(1);
    expect(run.edge.refused).toEqual([]);
    expect(run.edge.repeated).toEqual([]);
    expect(run.lines.filter((line) => !line.startsWith('info:'))).toEqual([]);
  });
});
