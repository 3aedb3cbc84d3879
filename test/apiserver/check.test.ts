/** `--check` against a real API server with RBAC on: what is missing is named, what is there is not doubted, and nothing is changed. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCheck } from '../../forwarder/check.ts';
import { type CheckRow, formatVerdict, isUsable } from '../../forwarder/check-verdict.ts';
import type { LeaseName } from '../../forwarder/config.ts';
import { createEdgeClient } from '../../forwarder/edge-client.ts';
import { createKubeClient } from '../../forwarder/kube-client.ts';
import { chooseContext, parseKubeConfig } from '../../forwarder/kubeconfig.ts';
import { EdgeDouble, TOKEN } from '../forwarder/edge-double.ts';
import {
  FORWARDER_ROLE_NAME,
  FORWARDER_RULES,
  findKubeApiServer,
  installCrds,
  type KubeApiServer,
  OPTIONAL_RULES,
  startKubeApiServer,
} from '../support/kube-apiserver.ts';
import { type KubeObject, type ResourcePath, TEST_RESOURCES } from '../support/kube-client.ts';

const assets = findKubeApiServer();
const LEASE: LeaseName = { namespace: 'default', name: 'hostview-forwarder' };
const LEASES: ResourcePath = { api: '/apis/coordination.k8s.io/v1', plural: 'leases', hasStatus: false };
const leaseRule = (verbs: readonly string[]) => ({ apiGroups: ['coordination.k8s.io'], resources: ['leases'], verbs });
const LEASE_RULE = leaseRule(['get', 'create', 'update']);

describe.skipIf(assets === null)('--check', () => {
  let server: KubeApiServer;
  let edge: EdgeDouble;

  beforeAll(async () => {
    edge = await EdgeDouble.start();
    server = await startKubeApiServer(assets ?? '');
  });
  afterAll(async () => {
    await server?.stop();
    await edge.close();
  });

  async function check(kubeConfig = server.forwarderKubeConfig): Promise<readonly CheckRow[]> {
    const parsed = parseKubeConfig(kubeConfig, 'kubeconfig');
    const chosen = parsed.ok ? chooseContext(parsed.value, undefined, 'kubeconfig') : parsed;
    if (!chosen.ok) throw new Error(chosen.error);
    const client = createKubeClient(chosen.value);
    const edgeClient = createEdgeClient(edge.url, 'harvester', {});
    const place = { edge: edge.url, cluster: 'harvester' };
    const rows = await runCheck({ client, edge: edgeClient, place, token: TOKEN, lease: LEASE }, new AbortController().signal);
    client.close();
    await edgeClient.close();
    return rows;
  }
  const grant = (...rules: readonly unknown[]): Promise<unknown> =>
    server.admin.patch(TEST_RESOURCES.clusterroles, { name: FORWARDER_ROLE_NAME }, { rules });
  /** The API server learns of a change of its own rules a while after it took it: in the midst of a check, too, and the next is whole. */
  async function checkUntil(isSo: (rows: readonly CheckRow[]) => boolean): Promise<readonly CheckRow[]> {
    while (!isSo(await check()));
    return check();
  }
  const resultOf = (rows: readonly CheckRow[], what: string): string | undefined => rows.find((row) => row.what === what)?.result;
  const lackingOf = (rows: readonly CheckRow[]): readonly string[] =>
    rows.filter(({ isOptional, result }) => !isOptional && result !== 'ok').map(({ what }) => what);

  test('KubeVirt is not installed: that is what is to be done', async () => {
    await grant(...FORWARDER_RULES, LEASE_RULE);
    const rows = await checkUntil((present) => resultOf(present, 'update leases.coordination.k8s.io in default') === 'ok');
    expect(isUsable(rows)).toBe(false);
    expect(resultOf(rows, 'list virtualmachines.kubevirt.io')).toBe('failed');
    expect(formatVerdict(rows)).toMatch(/^NOT OK: 6 of \d+ that are needed failed or were not tried; install KubeVirt$/);
    await installCrds(server.admin);
  });

  test('the shipped rights are enough; what is optional is named, with what would grant it', async () => {
    const rows = await check();
    expect(lackingOf(rows)).toEqual([]);
    expect(isUsable(rows)).toBe(true);
    expect(resultOf(rows, 'list pods')).toBe('missing');
    expect(formatVerdict(rows)).toMatch(/^OK: all that is needed is there; without: why a migration.*grant list, watch on pods/);
  });

  test('with the optional ones only what the cluster does not have is left', async () => {
    await grant(...FORWARDER_RULES, ...OPTIONAL_RULES, LEASE_RULE);
    const rows = await checkUntil((present) => resultOf(present, 'watch pods') === 'ok');
    expect(resultOf(rows, 'list inventories.metal.harvesterhci.io in harvester-system')).toBe('absent');
    expect(formatVerdict(rows)).not.toContain('grant');
  });

  test('list without watch is not enough: the one verb that is missing is named', async () => {
    const rules = FORWARDER_RULES.map((rule) => (rule.resources.includes('nodes') ? { ...rule, verbs: ['list'] } : rule));
    await grant(...rules, LEASE_RULE);
    const rows = await checkUntil((present) => resultOf(present, 'watch nodes') !== 'ok');
    expect(lackingOf(rows)).toEqual(['watch nodes']);
    expect(formatVerdict(rows)).toMatch(/; grant watch on nodes$/);
  });

  test('watch without list is found too', async () => {
    const rules = FORWARDER_RULES.map((rule) => (rule.resources.includes('nodes') ? { ...rule, verbs: ['watch'] } : rule));
    await grant(...rules, LEASE_RULE);
    const rows = await checkUntil((present) => resultOf(present, 'list nodes') !== 'ok' && resultOf(present, 'watch nodes') === 'ok');
    expect(lackingOf(rows)).toEqual(['list nodes']);
  });

  test('each right of the Lease by itself, though there is no Lease yet; and none is made', async () => {
    for (const missing of ['get', 'create', 'update']) {
      await grant(...FORWARDER_RULES, leaseRule(['get', 'create', 'update'].filter((verb) => verb !== missing)));
      const what = `${missing} leases.coordination.k8s.io in default`;
      const rows = await checkUntil((present) => lackingOf(present).includes(what) && resultOf(present, 'list nodes') === 'ok');
      expect(rows.find((row) => row.what === what)?.remedy).toBe(`grant ${missing} on leases.coordination.k8s.io in default`);
      expect(resultOf(rows, 'get leases.coordination.k8s.io in default')).toBe(missing === 'get' ? 'missing' : 'ok');
    }
    expect(await server.admin.list(LEASES, 'default')).toEqual([]);
  });

  test('a Lease that is held stays as it is', async () => {
    const held: KubeObject = { metadata: { ...LEASE }, spec: { holderIdentity: 'somebody', leaseDurationSeconds: 15 } };
    const before = await server.admin.create(LEASES, held);
    await grant(...FORWARDER_RULES, LEASE_RULE);
    await checkUntil((rows) => lackingOf(rows).length === 0);
    for (const verbs of [
      ['get', 'update'],
      ['get', 'create'],
    ]) {
      await grant(...FORWARDER_RULES, leaseRule(verbs));
      const rows = await checkUntil((present) => lackingOf(present).length > 0);
      expect(lackingOf(rows)).toEqual([`${verbs[1] === 'update' ? 'create' : 'update'} leases.coordination.k8s.io in default`]);
      // Until the next rule is known.
      await grant(...FORWARDER_RULES, LEASE_RULE);
      await checkUntil((present) => lackingOf(present).length === 0);
    }
    expect((await server.admin.get(LEASES, LEASE.name, LEASE.namespace)).metadata.resourceVersion).toBe(before.metadata.resourceVersion);
  });

  test('credentials that are not accepted: said once, and nothing else is asked; the edge is', async () => {
    const rows = await check(server.forwarderKubeConfig.replace(/token: .*/, 'token: revoked'));
    const [first, ...others] = rows;
    expect(first).toMatchObject({
      what: 'get namespaces/kube-system',
      result: 'failed',
      remedy: 'correct the kubeconfig’s user, or the service account',
    });
    expect(new Set(others.slice(0, -4).map(({ result }) => result))).toEqual(new Set(['not tried']));
    expect(others.slice(-4).map(({ result }) => result)).toEqual(['ok', 'ok', 'ok', 'ok']);
  });
});
