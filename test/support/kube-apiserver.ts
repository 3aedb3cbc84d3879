/**
 * A real API server for tests: the etcd and kube-apiserver in KUBEBUILDER_ASSETS (controller-runtime's envtest convention), on
 * loopback with free ports and a temporary folder. No controllers: no garbage collection, no node heartbeats.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseAllDocuments, stringify } from 'yaml';
import { killAtExit } from '../../local/children.ts';
import { AUDIT_POLICY, type AuditEvent, readAuditLog } from './audit.ts';
import { makeFolder, removeFolder } from './folder.ts';
import { freePort } from './free-port.ts';
import { type KubeObject, type ResourcePath, TEST_RESOURCES, TestKubeClient } from './kube-client.ts';
import { readRules } from './manifests.ts';

/** Null where there is no API server to start; with CI=true that is an error. */
export function findKubeApiServer(): string | null {
  const assets = process.env.KUBEBUILDER_ASSETS;
  const missing = missingOf(assets);
  if (missing === null) return assets ?? null;
  if (process.env.CI === 'true') throw new Error(`the API server lane cannot run: ${missing}`);
  console.warn(`API server lane skipped: ${missing}. Get one: https://book.kubebuilder.io/reference/envtest (setup-envtest use -p path)`);
  return null;
}

function missingOf(assets: string | undefined): string | null {
  if (assets === undefined || assets === '') return 'KUBEBUILDER_ASSETS is not set';
  const program = ['etcd', 'kube-apiserver'].find((name) => !existsSync(join(assets, name)));
  return program === undefined ? null : `${assets} has no ${program}`;
}

export interface KubeApiServer {
  readonly url: string;
  /** The authority of its certificate, PEM. */
  readonly ca: string;
  readonly admin: TestKubeClient;
  /** May what the forwarder may. */
  readonly forwarder: TestKubeClient;
  /** Of a user in system:masters. */
  readonly adminKubeConfig: string;
  /** Of a user that has the forwarder's ClusterRole and nothing else. */
  readonly forwarderKubeConfig: string;
  /** All that service accounts asked for so far, also before a restart. */
  readAudit(): Promise<readonly AuditEvent[]>;
  /** SIGKILL: streams break off, connections are refused. */
  kill(): Promise<void>;
  /** SIGTERM: it takes no more connections; watches may live on for a minute. Resolves when it is gone. */
  terminate(): Promise<void>;
  /** SIGSTOP: connections are taken by the system, and nobody answers. */
  freeze(): void;
  thaw(): void;
  /** After `kill` or `terminate`: the same data, the same address. Its watch cache starts anew, so older versions are answered with 410. */
  restart(): Promise<void>;
  /** Keeps what etcd has now; both are restarted for it. */
  backUp(): Promise<void>;
  /** What was written since `backUp` never was, and its versions are given away again. */
  restoreBackup(): Promise<void>;
  stop(): Promise<void>;
}

export const FORWARDER_ROLE_NAME = 'hostview-forwarder';
/** The least that the forwarder needs: the four kinds without which there is no picture, and which cluster it is. */
export const FORWARDER_RULES = readRules('forwarder/cluster-role.yaml');
/** What lets it say more, where it is granted too. Here also what the manifests grant in one namespace only. */
export const OPTIONAL_RULES = [
  ...readRules('forwarder/cluster-role-optional.yaml'),
  ...readRules('forwarder/harvester/inventory-role.yaml'),
];

const READY_TIMEOUT_MS = 100_000;
const POLL_MS = 100;

export async function startKubeApiServer(assets: string): Promise<KubeApiServer> {
  const folder = await makeFolder('apiserver');
  const tokens = { admin: randomBytes(16).toString('hex'), forwarder: randomBytes(16).toString('hex') };
  const [etcdPort, peerPort, port] = [await freePort(), await freePort(), await freePort()];
  await writeKeyFiles(folder, tokens);
  let etcd = startEtcd(assets, folder, etcdPort, peerPort);
  const url = `https://127.0.0.1:${port}`;
  let server = startServer(assets, folder, etcdPort, port);
  const clients: TestKubeClient[] = [];
  const stop = async (): Promise<void> => {
    for (const client of clients) await client.close();
    await end(server, 'SIGKILL');
    await end(etcd, 'SIGKILL');
    await removeFolder(folder);
  };
  try {
    const ca = await waitFor('the API server certificate', () => readWhole(join(folder, 'apiserver.crt')), [etcd, server]);
    const admin = new TestKubeClient({ url, ca, token: tokens.admin });
    const forwarder = new TestKubeClient({ url, ca, token: tokens.forwarder });
    clients.push(admin, forwarder);
    const untilReady = () => waitFor('the API server', () => expectReady(admin), [etcd, server]);
    await untilReady();
    await bindForwarder(admin);
    const [data, backup] = [join(folder, 'etcd'), join(folder, 'etcd-backup')];
    const atRest = async (work: () => Promise<void>): Promise<void> => {
      await end(server, 'SIGKILL');
      await end(etcd, 'SIGKILL');
      await work();
      etcd = startEtcd(assets, folder, etcdPort, peerPort);
      server = startServer(assets, folder, etcdPort, port);
      await untilReady();
    };
    return {
      url,
      ca,
      admin,
      forwarder,
      adminKubeConfig: formatKubeConfig(url, ca, tokens.admin),
      forwarderKubeConfig: formatKubeConfig(url, ca, tokens.forwarder),
      readAudit: () => readAuditLog(join(folder, 'audit.log')),
      kill: () => end(server, 'SIGKILL'),
      terminate: () => end(server, 'SIGTERM'),
      freeze: () => void server.kill('SIGSTOP'),
      thaw: () => void server.kill('SIGCONT'),
      async restart() {
        server = startServer(assets, folder, etcdPort, port);
        await untilReady();
      },
      backUp: () => atRest(() => cp(data, backup, { recursive: true })),
      restoreBackup: () =>
        atRest(async () => {
          await rm(data, { recursive: true });
          await cp(backup, data, { recursive: true });
        }),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/**
 * KubeVirt's definitions: the project's small ones, or those in the file that HOSTVIEW_CRDS names. The instances' come last, when
 * the others are served: a forwarder that is waiting for KubeVirt looks for the others as soon as it has seen the instances.
 */
export async function installCrds(client: TestKubeClient): Promise<void> {
  const { virtualmachines, virtualmachineinstances, virtualmachineinstancemigrations } = TEST_RESOURCES;
  const own = [virtualmachines, virtualmachineinstancemigrations, virtualmachineinstances].map(
    ({ plural }) => new URL(`../fixtures/crds/${plural}.yaml`, import.meta.url),
  );
  const files = process.env.HOSTVIEW_CRDS === undefined ? own : [process.env.HOSTVIEW_CRDS];
  const texts = await Promise.all(files.map((file) => readFile(file, 'utf8')));
  const objects = texts.flatMap((text) => parseAllDocuments(text).map((document) => document.toJS() as KubeObject | null));
  const install = async ({ plural }: ResourcePath): Promise<void> => {
    const crd = objects.find((object) => object?.kind === 'CustomResourceDefinition' && object.metadata.name === `${plural}.kubevirt.io`);
    if (crd == null) throw new Error(`there is no definition of ${plural}`);
    const { status: _status, ...definition } = crd;
    await client.create(TEST_RESOURCES.customresourcedefinitions, definition as KubeObject);
    await waitFor(`the CRD ${plural}`, () => expectServed(client, plural));
  };
  await Promise.all([virtualmachines, virtualmachineinstancemigrations].map(install));
  await install(virtualmachineinstances);
}

/** The server makes the file before it writes it. */
async function readWhole(file: string): Promise<string> {
  const text = await readFile(file, 'utf8');
  if (!text.trimEnd().endsWith('-----END CERTIFICATE-----')) throw new Error(`${file} is not written yet`);
  return text;
}

async function expectServed(client: TestKubeClient, plural: string): Promise<void> {
  const list = JSON.parse(await client.getText(`/apis/kubevirt.io/v1/${plural}`));
  if (!Array.isArray(list.items)) throw new Error(list.message);
}

async function expectReady(client: TestKubeClient): Promise<void> {
  const answer = await client.getText('/readyz');
  if (answer !== 'ok') throw new Error(answer);
  await client.get(TEST_RESOURCES.namespaces, 'kube-system');
}

async function bindForwarder(client: TestKubeClient): Promise<void> {
  const metadata = { name: FORWARDER_ROLE_NAME };
  await client.create(TEST_RESOURCES.clusterroles, { metadata, rules: FORWARDER_RULES });
  await client.create(TEST_RESOURCES.clusterrolebindings, {
    metadata,
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: FORWARDER_ROLE_NAME },
    subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'forwarder' }],
  });
}

async function writeKeyFiles(folder: string, tokens: { admin: string; forwarder: string }): Promise<void> {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  await writeFile(join(folder, 'sa.key'), privateKey.export({ type: 'pkcs1', format: 'pem' }));
  await writeFile(join(folder, 'audit-policy.json'), AUDIT_POLICY);
  await writeFile(join(folder, 'sa.pub'), publicKey.export({ type: 'spki', format: 'pem' }));
  await writeFile(join(folder, 'tokens.csv'), `${tokens.admin},admin,1,"system:masters"\n${tokens.forwarder},forwarder,2,""\n`);
}

function startEtcd(assets: string, folder: string, port: number, peerPort: number): ChildProcess {
  const peer = `http://127.0.0.1:${peerPort}`;
  return start(join(assets, 'etcd'), [
    `--data-dir=${join(folder, 'etcd')}`,
    `--listen-client-urls=http://127.0.0.1:${port}`,
    `--advertise-client-urls=http://127.0.0.1:${port}`,
    `--listen-peer-urls=${peer}`,
    `--initial-advertise-peer-urls=${peer}`,
    `--initial-cluster=default=${peer}`,
  ]);
}

function startServer(assets: string, folder: string, etcdPort: number, port: number): ChildProcess {
  return start(join(assets, 'kube-apiserver'), [
    `--etcd-servers=http://127.0.0.1:${etcdPort}`,
    `--secure-port=${port}`,
    '--bind-address=127.0.0.1',
    `--cert-dir=${folder}`,
    `--service-account-key-file=${join(folder, 'sa.pub')}`,
    `--service-account-signing-key-file=${join(folder, 'sa.key')}`,
    '--service-account-issuer=https://kubernetes.default.svc',
    `--token-auth-file=${join(folder, 'tokens.csv')}`,
    '--authorization-mode=RBAC',
    '--service-cluster-ip-range=10.0.0.0/24',
    '--endpoint-reconciler-type=none',
    '--disable-admission-plugins=ServiceAccount',
    `--audit-policy-file=${join(folder, 'audit-policy.json')}`,
    `--audit-log-path=${join(folder, 'audit.log')}`,
  ]);
}

/** What a program wrote last is kept, for the message of a start that fails. */
const lastWords = new WeakMap<ChildProcess, string>();
const MAX_LAST_WORDS_CHARS = 4_000;

function start(program: string, args: readonly string[]): ChildProcess {
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    lastWords.set(child, ((lastWords.get(child) ?? '') + text).slice(-MAX_LAST_WORDS_CHARS));
  });
  // A test that dies takes its servers with it.
  return killAtExit(child);
}

function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill(signal);
  });
}

/** Asks until it does not throw. `children`: whose end is the end of waiting. */
async function waitFor<Value>(what: string, ask: () => Promise<Value>, children: readonly ChildProcess[] = []): Promise<Value> {
  const deadline = Date.now() + READY_TIMEOUT_MS;
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      const words = children.map((child) => `\n${lastWords.get(child) ?? ''}`).join('');
      if (children.some(({ exitCode }) => exitCode !== null))
        throw new Error(`${what} will not come, a program has ended:${words}`, { cause: error });
      if (Date.now() > deadline) throw new Error(`${what} is not ready: ${String(error)}${words}`, { cause: error });
      await pause(POLL_MS);
    }
  }
}

export function formatKubeConfig(url: string, ca: string, token: string): string {
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'test',
    clusters: [{ name: 'test', cluster: { server: url, 'certificate-authority-data': Buffer.from(ca).toString('base64') } }],
    users: [{ name: 'test', user: { token } }],
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'test' } }],
  });
}
