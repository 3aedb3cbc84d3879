/** How long after each fault the picture is the cluster's again, beside client-node's informers in the same fault. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { digestOf, formatDigest } from '../core/digest.ts';
import { EdgeDouble } from '../test/forwarder/edge-double.ts';
import { type ApiServerCluster, startApiServerCluster } from '../test/support/api-server-cluster.ts';
import { makeFolder, removeFolder } from '../test/support/folder.ts';
import { startHttpFaultProxy } from '../test/support/http-fault-proxy.ts';
import { FORWARDER_ROLE_NAME } from '../test/support/kube-apiserver.ts';
import { TEST_RESOURCES } from '../test/support/kube-client.ts';
import { createServiceAccount, issueToken } from '../test/support/service-account.ts';
import { startTcpProxy } from '../test/support/tcp-proxy.ts';
import { tokenFileKubeConfig } from '../test/support/token-file.ts';
import { truthOf } from '../test/support/truth.ts';
import { type MeasuredChild, startForwarderChild, startPeerChild } from './forwarder-child.ts';
import { formatTable, type Summary, summarize } from './statistics.ts';

export interface FaultsOptions {
  readonly assets: string;
  readonly runs: number;
  readonly program: string;
  /** Only those whose name contains it. */
  readonly named: string;
  readonly progress: (text: string) => void;
}

/** A fault that can be made again and again. Its end is the moment from which the server could answer. */
interface Fault {
  /** Of the way that the fault is on. */
  readonly kubeconfig: string;
  begin(): Promise<unknown> | unknown;
  end(): Promise<unknown> | unknown;
  /** The whole server is away: what changes must wait for it. */
  readonly isOfServer?: boolean;
}

/** Long enough that everybody has noticed. */
const FAULT_MS = 8_000;
/** So long the API server goes on taking a token that it has just taken (10 s in Kubernetes). */
const TOKEN_CACHE_MS = 11_000;
/** Who has not come back by then is written down with this time. */
const GIVE_UP_MS = 200_000;
const VM = { namespace: 'default', name: 'ubuntu-web-1' };

export async function measureFaults({ assets, runs, program, named, progress }: FaultsOptions): Promise<void> {
  const closers: (() => Promise<unknown>)[] = [];
  try {
    const cluster = await startApiServerCluster(assets);
    closers.push(() => cluster.stop());
    const rows: Record<string, Summary> = {};
    const faults = await prepareFaults(cluster, closers);
    for (const [what, fault] of Object.entries(faults).filter(([name]) => name.includes(named))) {
      const samples: { readonly own: number; readonly peer: number }[] = [];
      for (let run = 0; run < runs; run++) {
        progress(`${what}, run ${run + 1} of ${runs}`);
        samples.push(await sample(cluster, fault, program));
      }
      rows[`${what}: forwarder`] = summarize(samples.map(({ own }) => own));
      rows[`${what}: informers`] = summarize(samples.map(({ peer }) => peer));
      rows[`${what}: paired difference`] = summarize(samples.map(({ own, peer }) => own - peer));
    }
    progress('');
    console.log(`after the end of a fault of ${FAULT_MS / 1_000} s, until equal (${GIVE_UP_MS / 1_000} s: not within that time)`);
    console.log(formatTable(rows, 's'));
  } finally {
    for (const close of closers.reverse()) await close();
  }
}

async function prepareFaults(cluster: ApiServerCluster, closers: (() => Promise<unknown>)[]): Promise<Record<string, Fault>> {
  const { server } = cluster;
  const http = await startHttpFaultProxy(server);
  closers.push(() => http.close());
  const tcp = await startTcpProxy(Number(new URL(server.url).port));
  closers.push(() => tcp.close());
  const folder = await makeFolder('token');
  closers.push(() => removeFolder(folder));
  const tokenFile = join(folder, 'token');
  await createServiceAccount(server.admin, 'bench', FORWARDER_ROLE_NAME);
  let count = 0;
  const issue = async () => {
    count += 1;
    const issued = await issueToken(server.admin, 'bench', `bench-${count}`);
    await writeFile(tokenFile, issued.token);
    return issued;
  };
  let token = await issue();

  const direct = server.forwarderKubeConfig;
  const tcpUrl = `https://127.0.0.1:${tcp.port}`;
  const viaHttp = direct.replaceAll(server.url, http.url);
  return {
    'kill -9 (its watch cache is new: 410)': {
      kubeconfig: direct,
      begin: () => server.kill(),
      end: () => server.restart(),
      isOfServer: true,
    },
    SIGTERM: { kubeconfig: direct, begin: () => server.terminate(), end: () => server.restart(), isOfServer: true },
    frozen: { kubeconfig: direct, begin: () => server.freeze(), end: () => server.thaw(), isOfServer: true },
    'black hole': {
      kubeconfig: direct.replaceAll(server.url, tcpUrl),
      begin: () => tcp.swallow(),
      end: () => tcp.pass(),
    },
    'HTTP 500': { kubeconfig: viaHttp, begin: () => http.answerWith({ status: 500 }), end: () => http.heal() },
    'HTTP 429, Retry-After 5': {
      kubeconfig: viaHttp,
      begin: () => http.answerWith({ status: 429, retryAfterSeconds: 5 }),
      end: () => http.heal(),
    },
    'token revoked': {
      kubeconfig: tokenFileKubeConfig(tcpUrl, server.ca, tokenFile),
      begin: async () => {
        await token.revoke();
        await pause(TOKEN_CACHE_MS);
        tcp.cut();
      },
      end: async () => {
        token = await issue();
      },
    },
    'CRD deleted': { kubeconfig: direct, ...(await crdFault(cluster)), isOfServer: true },
  };
}

async function crdFault({ server: { admin } }: ApiServerCluster): Promise<Pick<Fault, 'begin' | 'end'>> {
  const { customresourcedefinitions, virtualmachineinstances } = TEST_RESOURCES;
  const name = 'virtualmachineinstances.kubevirt.io';
  const { status: _status, ...definition } = await admin.get(customresourcedefinitions, name);
  let instances: Awaited<ReturnType<typeof admin.list>> = [];
  return {
    async begin() {
      instances = await admin.list(virtualmachineinstances);
      for (const { metadata } of instances)
        await admin.patch(
          virtualmachineinstances,
          { name: metadata.name, namespace: metadata.namespace ?? '' },
          { metadata: { finalizers: null } },
        );
      await admin.delete(customresourcedefinitions, name);
    },
    async end() {
      await until(() => admin.create(customresourcedefinitions, definition as Parameters<typeof admin.create>[1]));
      for (const object of instances) await until(() => admin.create(virtualmachineinstances, object));
    },
  };
}

async function sample(cluster: ApiServerCluster, fault: Fault, program: string): Promise<{ readonly own: number; readonly peer: number }> {
  const { admin, forwarder: asForwarder } = cluster.server;
  const edge = await EdgeDouble.start();
  const children: MeasuredChild[] = [];
  try {
    const own = await startForwarderChild(program, edge.url, fault.kubeconfig);
    const peer = await startPeerChild(fault.kubeconfig);
    children.push(own, peer);
    await Promise.all([
      own.until(
        edge.until(() => edge.isSynced),
        'the first sync',
      ),
      peer.process.waitFor(/^listed$/m),
    ]);
    const target = (await cluster.placementOf(VM.namespace, VM.name)) === cluster.hosts[0] ? cluster.hosts[1] : cluster.hosts[0];
    const move = () => admin.patch(TEST_RESOURCES.virtualmachineinstances, VM, { status: { nodeName: target } });
    await fault.begin();
    await pause(FAULT_MS);
    if (fault.isOfServer !== true) await move();
    const heard = peer.process.output().length;
    await fault.end();
    if (fault.isOfServer === true) await until(move);
    const healedAt = performance.now();
    const { digest } = await truthOf(asForwarder);
    const isEqual = (): boolean => formatDigest(digestOf(edge.hosts.values(), edge.vms.values())) === digest;
    const equal = edge.until(() => edge.isSynced && isEqual());
    const seen = untilPrinted(peer, `${VM.name} ${target}`, heard);
    const since = async (work: Promise<unknown>): Promise<number> => {
      const giveUp = new AbortController();
      await Promise.race([work, pause(GIVE_UP_MS, null, { signal: giveUp.signal }).catch(() => {})]);
      giveUp.abort();
      return (performance.now() - healedAt) / 1_000;
    };
    const [ownS, peerS] = await Promise.all([since(equal), since(seen)]);
    return { own: ownS, peer: peerS };
  } finally {
    for (const child of children) await child.stop();
    await edge.close();
  }
}

function untilPrinted({ process }: MeasuredChild, line: string, from: number): Promise<void> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (!process.output().slice(from).split('\n').includes(line)) return;
      process.child.stdout?.off('data', look);
      resolve();
    };
    process.child.stdout?.on('data', look);
    look();
  });
}

/** Again until it is taken: a server that has just come back, or a definition that is not served yet. */
async function until(act: () => Promise<unknown>): Promise<void> {
  for (const deadline = performance.now() + GIVE_UP_MS; ; ) {
    try {
      await act();
      return;
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await pause(50);
    }
  }
}
