import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Snapshot } from '../../core/downlink.ts';
import type { Problem } from '../../core/uplink.ts';
import { registerCluster } from '../../local/registration.ts';
import { serveCluster } from '../../simulator/api-server.ts';
import { createCluster } from '../../simulator/cluster.ts';
import type { Cluster } from '../../simulator/types.ts';
import { type Lab, startLab } from '../support/lab.ts';
import type { TestProcess } from '../support/processes.ts';
import { ADMIN_TOKEN, eventually, startForwarder, startForwarderWith } from '../support/stack.ts';
import { followCluster } from '../support/told.ts';

/** What is sent wrong gets a clear error, and the picture of the cluster that is sent right stays whole. */
describe('bad input gets a clear error and loses nothing', () => {
  let lab: Lab;
  const others: TestProcess[] = [];

  beforeAll(async () => {
    lab = await startLab();
    await eventually(snapshot, ({ vms }) => vms.length === 12, 'the first sync');
  });
  afterAll(async () => {
    for (const other of others) await other.stop();
    await lab?.stop();
  });

  async function snapshot(): Promise<Snapshot> {
    return (await (await fetch(`${lab.edge.url}/api/v1/clusters/lab`)).json()) as Snapshot;
  }

  /** A cluster without faults of its own, watched under a name of its own. */
  async function watchSick(
    name: string,
    makeSick: (sick: Cluster) => void,
  ): Promise<{ sick: Cluster; process: TestProcess; close: () => Promise<void> }> {
    const sick = createCluster({ name, hosts: 3, vms: 5 });
    makeSick(sick);
    const served = await serveCluster(sick);
    const process = await startForwarder(lab.edge, name, served.kubeconfig);
    others.push(process);
    return { sick, process, close: () => served.close() };
  }

  const syncedWith = (name: string): Promise<unknown> =>
    eventually(
      async () => (await (await fetch(`${lab.edge.url}/api/v1/clusters/${name}`)).json()) as Snapshot,
      ({ vms }) => vms.length === 5,
      `${name} is there once it is mended`,
      60_000,
    );

  test('an unknown cluster', async () => {
    const answer = await fetch(`${lab.edge.url}/api/v1/clusters/nope`);
    expect(answer.status).toBe(404);
    expect(((await answer.json()) as Problem).code).toBe('unknown-cluster');
    const stranger = await startForwarderWith(lab.edge.url, 'nope', 'some-token', lab.server.kubeconfig);
    others.push(stranger);
    // The same words as for a wrong token: whether there is such a cluster is told to nobody.
    await stranger.waitFor(/does not accept the token for the cluster nope; .*whether it is registered there/);
  });

  test('a wrong token, while the right one goes on', async () => {
    const before = await snapshot();
    const untilTold = followCluster(lab.cluster, lab.edge.url);
    const stranger = await startForwarderWith(lab.edge.url, 'lab', 'wrong-token', lab.server.kubeconfig);
    others.push(stranger);
    await stranger.waitFor(/does not accept the token for the cluster lab/);
    expect(stranger.output()).not.toContain('wrong-token');
    const vm = before.vms.find(({ state, migratable }) => state === 'running' && migratable.ok);
    const move = lab.cluster.migrate({ namespace: vm?.namespace ?? '', name: vm?.name ?? '' });
    move.finish();
    // To the end, so that the tests that follow find a cluster that is at rest.
    await eventually(
      () => untilTold('derived'),
      ({ vms }) => vms.some(({ id, host, lastMigration }) => id === vm?.id && host === move.to && lastMigration?.outcome === 'succeeded'),
      'the right forwarder is heard',
    );
  });

  test.each([
    ['a body that is not JSON', '{"kind":', 400, 'not-json'],
    ['a body that is JSON, but no batch', '{"kind":"nonsense","session":1,"number":1}', 400, 'invalid'],
    ['a body without end', 'x'.repeat(1_200_000), 413, 'too-large'],
  ])('%s', async (_name, body, status, code) => {
    const token = await registerCluster({ url: lab.edge.url, adminToken: ADMIN_TOKEN }, 'lab', 'lab');
    const before = await snapshot();
    const refused = await fetch(`${lab.edge.url}/api/v1/clusters/lab/batches`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
      body,
    });
    expect(refused.status).toBe(status);
    expect(refused.headers.get('content-type')).toContain('application/problem+json');
    expect(((await refused.json()) as Problem).code).toBe(code);
    const after = await snapshot();
    expect([after.cursor, after.vms.length]).toEqual([before.cursor, 12]);
  });

  test('KubeVirt is not installed, and then it is', async () => {
    const { sick, process, close } = await watchSick('no-kubevirt', ({ faults }) => faults.withoutKind('virtualmachineinstances'));
    await process.waitFor(/KubeVirt is not installed in this cluster: no virtualmachineinstances\.kubevirt\.io/);
    sick.faults.clear();
    await syncedWith('no-kubevirt');
    await close();
  });

  test('a right is missing, and then it is granted', async () => {
    const { sick, process, close } = await watchSick('no-right', ({ faults }) => faults.forbid('watch', 'nodes'));
    await process.waitFor(/not allowed to watch nodes/);
    sick.faults.clear();
    await syncedWith('no-right');
    await close();
  });

  test('an API server that refuses', async () => {
    // On port 1 nobody listens, and the system gives it to nobody.
    const lost = await startForwarderWith(lab.edge.url, 'lab', 'x', lab.server.kubeconfig.replace(/127\.0\.0\.1:\d+/, '127.0.0.1:1'));
    others.push(lost);
    await lost.waitFor(/cannot reach the API server http:\/\/127\.0\.0\.1:1: connection refused/);
  });

  test('a kubeconfig that is none', async () => {
    const lost = await startForwarderWith(lab.edge.url, 'lab', 'x', 'hello: [');
    others.push(lost);
    expect(await lost.exited).toBe(2);
    expect(lost.output().trim().split('\n')).toHaveLength(1);
    expect(lost.output()).toMatch(/kubeconfig/);
  });
});
