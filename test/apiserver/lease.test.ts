/** Two replicas and their Lease on a real API server: who forwards, and how the cluster goes to the other one. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ok } from '../../core/result.ts';
import { chooseContext, parseKubeConfig } from '../../forwarder/kubeconfig.ts';
import { createLog } from '../../forwarder/log.ts';
import { formatIdentity, type RunningReplica, startReplica } from '../../forwarder/replica.ts';
import { ROOT } from '../../local/paths.ts';
import { createCluster } from '../../simulator/cluster.ts';
import { EdgeDouble, TOKEN } from '../forwarder/edge-double.ts';
import { fastClock } from '../forwarder/fast-clock.ts';
import { makeFolder, removeFolder } from '../support/folder.ts';
import { findKubeApiServer, installCrds, type KubeApiServer, startKubeApiServer } from '../support/kube-apiserver.ts';
import { type ResourcePath, TEST_RESOURCES } from '../support/kube-client.ts';
import { startProcess, type TestProcess } from '../support/processes.ts';
import { eventually } from '../support/stack.ts';
import { seedApiServer } from './seed.ts';

const assets = findKubeApiServer();
const NAMESPACE = 'hostview';
const RBAC = '/apis/rbac.authorization.k8s.io/v1';
const ROLES: ResourcePath = { api: RBAC, plural: 'roles', hasStatus: false };
const BINDINGS: ResourcePath = { api: RBAC, plural: 'rolebindings', hasStatus: false };
const LEASES: ResourcePath = { api: '/apis/coordination.k8s.io/v1', plural: 'leases', hasStatus: false };

interface LeaseSpec {
  readonly holderIdentity?: string;
  readonly leaseDurationSeconds?: number;
  readonly leaseTransitions?: number;
}

describe.skipIf(assets === null)('two replicas with a Lease', () => {
  let server: KubeApiServer;
  let folder: string;
  let edge: EdgeDouble;
  let leaseCount = 0;
  /** A Lease for each test, so that none begins with the end of the one before. */
  let lease: string;
  const processes: TestProcess[] = [];
  const replicas: RunningReplica[] = [];

  beforeAll(async () => {
    server = await startKubeApiServer(assets ?? '');
    const { admin } = server;
    await installCrds(admin);
    await seedApiServer(admin, createCluster({ name: 'harvester', hosts: 3, vms: 6, seed: 1 }));
    await admin.create(TEST_RESOURCES.namespaces, { metadata: { name: NAMESPACE } });
    const rules = [{ apiGroups: ['coordination.k8s.io'], resources: ['leases'], verbs: ['get', 'create', 'update'] }];
    await admin.create(ROLES, { metadata: { name: 'lease', namespace: NAMESPACE }, rules });
    await grantLease();
    folder = await makeFolder('replicas');
    await writeFile(join(folder, 'kubeconfig'), server.forwarderKubeConfig);
  });
  afterAll(async () => {
    await server?.stop();
    if (folder !== undefined) await removeFolder(folder);
  });
  beforeEach(async () => {
    leaseCount += 1;
    lease = `forwarder-${leaseCount}`;
    edge = await EdgeDouble.start();
  });
  afterEach(async () => {
    await Promise.all(processes.splice(0).map((replica) => replica.stop()));
    await Promise.all(replicas.splice(0).map((replica) => replica.stop()));
    await edge.close();
  });

  const grantLease = () =>
    server.admin.create(BINDINGS, {
      metadata: { name: 'lease', namespace: NAMESPACE },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'lease' },
      subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'forwarder' }],
    });

  function startProgram(identity: string): TestProcess {
    const args = ['--edge', edge.url, '--cluster', 'harvester', '--kubeconfig', join(folder, 'kubeconfig')];
    const election = ['--lease', `${NAMESPACE}/${lease}`, '--identity', identity];
    const { PATH = '' } = process.env;
    const program = startProcess(process.execPath, [join(ROOT, 'forwarder/main.ts'), ...args, ...election], {
      env: { PATH, HOME: folder, HOSTVIEW_TOKEN: TOKEN },
    });
    processes.push(program);
    return program;
  }

  function startHere(name: string, factor: number): RunningReplica & { readonly lines: readonly string[] } {
    const parsed = parseKubeConfig(server.forwarderKubeConfig, 'kubeconfig');
    const chosen = parsed.ok ? chooseContext(parsed.value, undefined, 'kubeconfig') : parsed;
    if (!chosen.ok) throw new Error(chosen.error);
    const lines: string[] = [];
    const replica = startReplica({
      edge: edge.url,
      cluster: 'harvester',
      kubeConfig: chosen.value,
      readToken: () => ok(TOKEN),
      log: createLog({ level: 'info', format: 'text', write: (line) => lines.push(line), now: () => new Date() }),
      clock: fastClock(factor),
      election: { lease: { namespace: NAMESPACE, name: lease }, identity: formatIdentity(name, 'test') },
    });
    replicas.push(replica);
    return Object.assign(replica, { lines });
  }

  const specNow = async (): Promise<LeaseSpec> => (await server.admin.get(LEASES, lease, NAMESPACE)).spec as LeaseSpec;
  /** Whose it became after it was `holder`'s at that version, in order, renewals left out. The server ends the watch that tells it. */
  async function changesSince(version: string, holder: string): Promise<readonly string[]> {
    const query = `fieldSelector=metadata.name%3D${lease}&watch=true&resourceVersion=${version}&timeoutSeconds=2`;
    const text = await server.admin.getText(`${LEASES.api}/namespaces/${NAMESPACE}/leases?${query}`);
    const holders = text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => String(JSON.parse(line).object.spec.holderIdentity ?? '').replace(/_.*/, ''));
    return holders.filter((each, index) => each !== (holders[index - 1] ?? holder));
  }
  const versionNow = async (): Promise<string> => String((await server.admin.get(LEASES, lease, NAMESPACE)).metadata.resourceVersion);

  test('one forwards and one watches nothing; SIGTERM releases the Lease before the other takes it; after kill -9 it expires', async () => {
    const a = startProgram('a');
    await a.waitFor(/holds the Lease/);
    await edge.until(() => edge.isSynced);
    const b = startProgram('b');
    await b.waitFor(/standing by: a_[0-9a-f]{8} holds the Lease/);
    expect(b.output()).not.toContain('watching');
    expect(await specNow()).toMatchObject({ leaseDurationSeconds: 15, leaseTransitions: 0 });

    const beforeStop = await versionNow();
    a.kill('SIGTERM');
    expect(await a.exited).toBe(0);
    expect(a.output()).toContain(`released the Lease ${NAMESPACE}/${lease}`);
    await b.waitFor(/holds the Lease .*: this replica forwards/);
    await edge.until(() => edge.sessions.length === 2 && edge.isSynced);
    expect(await changesSince(beforeStop, 'a')).toEqual(['', 'b']);
    expect(await specNow()).toMatchObject({ leaseTransitions: 1 });

    const c = startProgram('c');
    await c.waitFor(/standing by: b_/);
    const beforeKill = await versionNow();
    b.kill('SIGKILL');
    await b.exited;
    await c.waitFor(/holds the Lease .*: this replica forwards/);
    await edge.until(() => edge.sessions.length === 3 && edge.isSynced);
    expect(await changesSince(beforeKill, 'b')).toEqual(['c']);
    expect(await specNow()).toMatchObject({ leaseTransitions: 2 });
    // Nobody spoke out of turn.
    expect(edge.refused).toEqual([]);
    expect(c.output()).not.toContain('warn:');
  });

  test('a leader that may not renew is silent, keeps watching, and goes on in the same session', async () => {
    const replica = startHere('a', 2);
    await edge.until(() => edge.isSynced);
    await server.admin.delete(BINDINGS, 'lease', NAMESPACE);
    await eventually(
      () => replica.status.role,
      (role) => role === 'doubtful',
      'the leader has doubts',
    );
    const told = edge.batches.length;
    const before = replica.status.forwarder?.view.vms ?? 0;
    const vm = await server.admin.get(TEST_RESOURCES.virtualmachines, 'ubuntu-web-1', 'default');
    await server.admin.create(TEST_RESOURCES.virtualmachines, { ...vm, metadata: { name: 'new', namespace: 'default' } });
    await eventually(
      () => replica.status.forwarder?.view.vms,
      (count) => count === before + 1,
      'the change is seen',
    );
    const attemptedAt = replica.status.leaseAttemptedAt;
    await eventually(
      () => replica.status.leaseAttemptedAt,
      (at) => at !== attemptedAt,
      'it tries again',
    );
    expect(replica.status.role).toBe('doubtful');
    expect(edge.batches.length).toBe(told);
    expect(edge.vms.has('default/new')).toBe(false);

    await grantLease();
    await edge.until(() => edge.vms.has('default/new'));
    expect([replica.status.role, replica.status.termCount, edge.sessions.length]).toEqual(['leading', 1, 1]);
    const warnings = replica.lines.filter((line) => line.startsWith('warn:'));
    expect(warnings).toEqual([
      expect.stringMatching(/^warn: not allowed to update leases.* grant get, create, update on .* in the namespace hostview\n$/),
      expect.stringContaining('saying nothing until it can'),
    ]);
  });

  test('while the API server is away nobody takes over, and the same one goes on when it is back', async () => {
    const a = startHere('a', 2);
    await edge.until(() => edge.isSynced);
    const b = startHere('b', 2);
    await eventually(
      () => b.status.leaseHolder,
      (holder) => holder === 'a_test',
      'b has seen the holder',
    );
    await server.kill();
    await eventually(
      () => a.status.role,
      (role) => role === 'doubtful',
      'the leader has doubts',
    );
    const told = edge.batches.length;
    await server.restart();
    await eventually(
      () => a.status.role,
      (role) => role === 'leading',
      'the leader goes on',
      60_000,
    );
    expect([a.status.termCount, b.status.role, b.status.termCount]).toEqual([1, 'standby', 0]);
    expect((await specNow()).leaseTransitions).toBe(0);
    await edge.until(() => edge.batches.length > told);
  });

  test('a Lease that was deleted is made anew', async () => {
    const replica = startHere('a', 2);
    await edge.until(() => edge.isSynced);
    await server.admin.delete(LEASES, lease, NAMESPACE);
    await edge.until(() => edge.sessions.length === 2 && edge.isSynced);
    expect([replica.status.role, replica.status.termCount]).toEqual(['leading', 2]);
    expect(await specNow()).toMatchObject({ holderIdentity: 'a_test' });
  });
});
