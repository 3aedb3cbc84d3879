/**
 * Faults between a forwarder and a real API server, and of the server itself (SPEC U10, D5). During each the cluster changes, or right
 * after it; while it lasts the room comes to say stale, and afterwards it comes to equal the cluster. How long that takes is measured by
 * `npm run bench:forwarder`, not here.
 *
 * They run side by side, since most of their time is waiting for what counts as live (30 s) to be over.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApiServerCluster, startApiServerCluster } from '../support/api-server-cluster.ts';
import { makeFolder, removeFolder } from '../support/folder.ts';
import { type HttpFaultProxy, startHttpFaultProxy } from '../support/http-fault-proxy.ts';
import { FORWARDER_ROLE_NAME, findKubeApiServer, type KubeApiServer } from '../support/kube-apiserver.ts';
import { KubeError, TEST_RESOURCES } from '../support/kube-client.ts';
import { type Patient, startPatient } from '../support/patient.ts';
import { createServiceAccount, issueToken } from '../support/service-account.ts';
import { type EdgeProcess, eventually, startEdgeProcess } from '../support/stack.ts';
import { stir } from '../support/stir.ts';
import { startTcpProxy } from '../support/tcp-proxy.ts';
import { tokenFileKubeConfig } from '../support/token-file.ts';
import { truthOf } from '../support/truth.ts';

const assets = findKubeApiServer();
const portOf = ({ url }: KubeApiServer): number => Number(new URL(url).port);
/** Under load; an idle machine needs half of it. */
const TIMEOUT_MS = 240_000;
const watchOf = (path: string): string => `${path} watch`;
const VMIS = '/apis/kubevirt.io/v1/virtualmachineinstances';

interface Fault {
  begin(): Promise<void> | void;
  end(): Promise<void> | void;
}

describe.skipIf(assets === null)('faults', { timeout: TIMEOUT_MS }, () => {
  let edge: EdgeProcess;
  beforeAll(async () => {
    edge = await startEdgeProcess();
  });
  afterAll(() => edge?.stop());

  describe.concurrent('of the connection', () => {
    const closers: (() => Promise<unknown>)[] = [];
    let cluster: ApiServerCluster;
    /** One change of the cluster for all of these faults, once all have begun. */
    let stirred: Promise<void> | null = null;
    let begunCount = 0;
    const allBegun = Promise.withResolvers<void>();

    beforeAll(async () => {
      cluster = await startApiServerCluster(assets ?? '');
      closers.push(() => cluster.stop());
    });
    afterAll(async () => {
      for (const close of closers.reverse()) await close();
    });

    const throughHttp = async (): Promise<{ proxy: HttpFaultProxy; kubeconfig: string }> => {
      const proxy = await startHttpFaultProxy(cluster.server);
      closers.push(() => proxy.close());
      return { proxy, kubeconfig: cluster.server.forwarderKubeConfig.replaceAll(cluster.server.url, proxy.url) };
    };
    const throughTcp = async () => {
      const proxy = await startTcpProxy(portOf(cluster.server));
      closers.push(() => proxy.close());
      return { proxy, url: `https://127.0.0.1:${proxy.port}` };
    };

    const FAULTS = {
      'connections are black holes, and stay it when new ones pass': async () => {
        const { proxy, url } = await throughTcp();
        const kubeconfig = cluster.server.forwarderKubeConfig.replaceAll(cluster.server.url, url);
        return { kubeconfig, fault: { begin: () => proxy.swallow(), end: () => proxy.pass() } };
      },
      'every request is answered with 500': async () => {
        const { proxy, kubeconfig } = await throughHttp();
        return { kubeconfig, fault: { begin: () => proxy.answerWith({ status: 500 }), end: () => proxy.heal() } };
      },
      'every request is answered with 429 and Retry-After': async () => {
        const { proxy, kubeconfig } = await throughHttp();
        let begunAt = 0;
        const begin = (): void => {
          begunAt = performance.now();
          proxy.resetTraffic();
          proxy.answerWith({ status: 429, retryAfterSeconds: 20 });
        };
        const end = (): void => {
          // It lasts for some 35 s, longer where the other faults are long in coming: without heeding Retry-After there would be more than a dozen tries.
          // Either the watch, or the question before it whether its version still is one.
          const refused = [VMIS, watchOf(VMIS)].reduce((sum, path) => sum + (proxy.traffic.get(path)?.refused ?? 0), 0);
          expect(refused).toBeGreaterThan(0);
          expect(refused).toBeLessThan(3 + Math.max(40_000, performance.now() - begunAt) / 20_000);
          proxy.heal();
        };
        return { kubeconfig, fault: { begin, end } };
      },
      'the token is revoked, and a new one is given': async () => {
        const { proxy, url } = await throughTcp();
        const { admin, ca } = cluster.server;
        const folder = await makeFolder('token');
        closers.push(() => removeFolder(folder));
        const tokenFile = join(folder, 'token');
        await createServiceAccount(admin, 'forwarder', FORWARDER_ROLE_NAME);
        const first = await issueToken(admin, 'forwarder', 'first');
        await writeFile(tokenFile, first.token);
        const begin = async (): Promise<void> => {
          await first.revoke();
          // Watches outlive the token that opened them, until their connections end.
          proxy.cut();
        };
        const end = async (): Promise<void> => writeFile(tokenFile, (await issueToken(admin, 'forwarder', 'second')).token);
        return { kubeconfig: tokenFileKubeConfig(url, ca, tokenFile), fault: { begin, end } };
      },
    } satisfies Record<string, () => Promise<{ kubeconfig: string; fault: Fault }>>;

    Object.entries(FAULTS).forEach(([what, prepare], index) => {
      test(what, async () => {
        const { kubeconfig, fault } = await prepare();
        const patient = await startPatient(edge, `connection-${index}`, kubeconfig, cluster.server.forwarder);
        closers.push(() => patient.stop());
        await fault.begin();
        begunCount += 1;
        if (begunCount === Object.keys(FAULTS).length) allBegun.resolve();
        await allBegun.promise;
        stirred ??= stir(cluster);
        await stirred;
        await patient.untilStale();
        await fault.end();
        await patient.untilEqual();
      });
    });
  });

  describe.concurrent('of the server', () => {
    test('killed, and started again with a new watch cache: the old versions are too old (410)', async () => {
      await withCluster('server-kill', async ({ cluster, patient, proxy }) => {
        const { server } = cluster;
        await touch(server);
        proxy.resetTraffic();
        await server.kill();
        await patient.untilStale();
        await server.restart();
        await stir(cluster);
        await patient.untilEqual();
        expect(proxy.traffic.get(watchOf(VMIS))?.gone).toBeGreaterThan(0);
        expect(proxy.traffic.get(VMIS)?.requests, 'so everything is listed again').toBeGreaterThan(0);
      });
    });

    test('frozen, and thawed', async () => {
      await withCluster('server-freeze', async ({ cluster, patient }) => {
        cluster.server.freeze();
        await patient.untilStale();
        cluster.server.thaw();
        await stir(cluster);
        await patient.untilEqual();
      });
    });

    test('asked to stop, and started again', async () => {
      await withCluster('server-stop', async ({ cluster, patient }) => {
        await Promise.all([cluster.server.terminate(), patient.untilStale()]);
        await cluster.server.restart();
        await stir(cluster);
        await patient.untilEqual();
      });
    });

    test('the definition of instances is deleted, and comes back with its objects', async () => {
      await withCluster('server-crd', async ({ cluster, patient }) => {
        const { admin, forwarder } = cluster.server;
        const { customresourcedefinitions, virtualmachineinstances } = TEST_RESOURCES;
        const name = 'virtualmachineinstances.kubevirt.io';
        const definition = await admin.get(customresourcedefinitions, name);
        const instances = await admin.list(virtualmachineinstances);
        const bare = instances.map((object) => ({ ...object, metadata: { ...object.metadata, finalizers: null } }));
        for (const { metadata } of instances)
          await admin.patch(
            virtualmachineinstances,
            { name: metadata.name, namespace: metadata.namespace ?? '' },
            { metadata: { finalizers: null } },
          );
        await admin.delete(customresourcedefinitions, name);
        await eventually(
          () => isThere(() => admin.list(virtualmachineinstances)),
          (is) => !is,
          'the definition is gone',
        );
        await patient.untilStale();
        await expect(truthOf(forwarder)).rejects.toThrow('cannot list virtualmachineinstances');
        expect(patient.forwarder.output()).toContain(`KubeVirt is not installed in this cluster: no ${name}`);

        const { status: _status, ...wanted } = definition;
        await admin.create(customresourcedefinitions, wanted as typeof definition);
        await eventually(
          () => isThere(() => admin.list(virtualmachineinstances)),
          (is) => is,
          'the definition is back',
        );
        for (const object of bare) await admin.create(virtualmachineinstances, object);
        await patient.untilEqual();
      });
    });
  });

  interface Bed {
    readonly cluster: ApiServerCluster;
    readonly patient: Patient;
    readonly proxy: HttpFaultProxy;
  }

  /** A cluster of its own for what is done to the whole server. The proxy only counts. */
  async function withCluster(name: string, act: (bed: Bed) => Promise<void>): Promise<void> {
    const closers: (() => Promise<unknown>)[] = [];
    try {
      const cluster = await startApiServerCluster(assets ?? '');
      closers.push(() => cluster.stop());
      const proxy = await startHttpFaultProxy(cluster.server);
      closers.push(() => proxy.close());
      const kubeconfig = cluster.server.forwarderKubeConfig.replaceAll(cluster.server.url, proxy.url);
      const patient = await startPatient(edge, name, kubeconfig, cluster.server.forwarder);
      closers.push(() => patient.stop());
      await act({ cluster, patient, proxy });
    } finally {
      for (const close of closers.reverse()) await close();
    }
  }
});

/** Makes the version of the cluster go on, with objects that the forwarder does not look at. */
async function touch({ admin }: KubeApiServer): Promise<void> {
  for (const name of ['one', 'two', 'three']) await admin.create(TEST_RESOURCES.namespaces, { metadata: { name } });
}

/** False where the server does not know the kind. */
async function isThere(ask: () => Promise<unknown>): Promise<boolean> {
  try {
    await ask();
    return true;
  } catch (error) {
    if (error instanceof KubeError && error.status === 404) return false;
    // Without a definition the answer is a text.
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}
