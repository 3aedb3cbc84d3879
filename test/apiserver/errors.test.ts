/** What goes wrong between a forwarder and a real API server: one clear line, no lie meanwhile, and the right picture afterwards. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createCluster } from '../../simulator/cluster.ts';
import {
  FORWARDER_ROLE_NAME,
  FORWARDER_RULES,
  findKubeApiServer,
  installCrds,
  type KubeApiServer,
  startKubeApiServer,
} from '../support/kube-apiserver.ts';
import { KubeError, type ResourcePath, TEST_RESOURCES } from '../support/kube-client.ts';
import { eventually } from '../support/stack.ts';
import { type ForwarderUnderTest, runForwarder } from './running-forwarder.ts';
import { seedApiServer } from './seed.ts';

const assets = findKubeApiServer();
const NOT_INSTALLED = 'KubeVirt is not installed in this cluster: no virtualmachineinstances.kubevirt.io';

describe.skipIf(assets === null)('errors of a real API server', () => {
  const cluster = createCluster({ name: 'harvester', hosts: 3, vms: 12, seed: 1 });
  let server: KubeApiServer;
  let run: ForwarderUnderTest;

  beforeAll(async () => {
    server = await startKubeApiServer(assets ?? '');
  });
  afterEach(() => run?.stop());
  afterAll(() => server?.stop());

  const setRules = (rules: readonly unknown[]): Promise<unknown> =>
    server.admin.patch(TEST_RESOURCES.clusterroles, { name: FORWARDER_ROLE_NAME }, { rules });
  const statusFor = (resource: ResourcePath, name?: string): Promise<number> => {
    const asking = name === undefined ? server.forwarder.list(resource) : server.forwarder.get(resource, name);
    return asking.then(
      () => 200,
      (error: unknown) => (error instanceof KubeError ? error.status : 0),
    );
  };
  /** The API server learns of a change of its own rules a while after it took it. */
  const takeAway = async (plural: 'nodes' | 'namespaces', name?: string): Promise<void> => {
    await setRules(FORWARDER_RULES.filter(({ resources }) => !resources.includes(plural)));
    await eventually(
      () => statusFor(TEST_RESOURCES[plural], name),
      (status) => status === 403,
      `the right to ${plural} is taken away`,
    );
  };
  const warnings = (): readonly string[] => run.lines.filter((line) => line.startsWith('warn:'));

  test('without KubeVirt it says so once and waits; once it is installed, the picture comes', async () => {
    run = await runForwarder(server.forwarderKubeConfig);
    await run.untilLogged(NOT_INSTALLED);
    expect(run.edge.sessions).toEqual([]);
    await installCrds(server.admin);
    await seedApiServer(server.admin, cluster);
    await run.edge.until(() => run.edge.vms.size === cluster.list('virtualmachines').length);
    expect(warnings()).toEqual([`warn: ${NOT_INSTALLED}\n`]);
  });

  test('a missing right names verb and resource; once it is granted, the picture comes', async () => {
    await takeAway('nodes');
    run = await runForwarder(server.forwarderKubeConfig);
    // The first question is a watch, for a list that comes as a stream.
    await run.untilLogged('not allowed to watch nodes: ');
    expect(warnings()).toHaveLength(1);
    expect(warnings()[0]).toContain('grant get, list, watch on nodes');
    expect(run.edge.sessions).toEqual([]);
    await setRules(FORWARDER_RULES);
    await run.edge.until(() => run.edge.hosts.size === cluster.list('nodes').length);
  });

  test('without the right to see which cluster it is, no session is opened', async () => {
    await takeAway('namespaces', 'kube-system');
    run = await runForwarder(server.forwarderKubeConfig);
    await run.untilLogged('grant get on namespaces');
    expect(run.edge.sessions).toEqual([]);
    await setRules(FORWARDER_RULES);
    await run.edge.until(() => run.edge.isSynced);
  });

  test('a server that is killed and comes back: refused once in the log, and what was missed is there', async () => {
    run = await runForwarder(server.forwarderKubeConfig);
    await run.edge.until(() => run.edge.isSynced);
    await server.kill();
    await run.untilLogged('cannot reach the API server');
    // The line comes before the watch that it is about has given up.
    await eventually(
      () => run.forwarder.isWatched,
      (isWatched) => !isWatched,
      'it does not say that it watches a server that is gone',
    );
    const batchCount = run.edge.batches.length;
    await server.restart();
    await server.admin.patch(
      TEST_RESOURCES.nodes,
      { name: cluster.list('nodes')[0]?.metadata.name ?? '' },
      { spec: { unschedulable: true } },
    );
    await server.admin.patch(
      TEST_RESOURCES.virtualmachineinstances,
      { name: 'ubuntu-web-2', namespace: 'default' },
      { metadata: { finalizers: null } },
    );
    await server.admin.delete(TEST_RESOURCES.virtualmachineinstances, 'ubuntu-web-2', 'default');
    await run.edge.until(() => run.edge.vms.get('default/ubuntu-web-2')?.host === null);
    await run.edge.until(() => [...run.edge.hosts.values()].some(({ state }) => state === 'cordoned'));
    await run.untilLogged('is watched again');
    expect(run.edge.sessions).toHaveLength(1);
    expect(run.edge.batches.length).toBeGreaterThan(batchCount);
    expect(run.edge.refused).toEqual([]);
  });

  test('an API server that refuses from the start is named once, with its address', async () => {
    await server.kill();
    run = await runForwarder(server.forwarderKubeConfig);
    await run.untilLogged(`cannot reach the API server ${server.url}: connection refused`);
    expect(warnings()).toHaveLength(1);
    await server.restart();
    await run.edge.until(() => run.edge.isSynced);
  });
});
