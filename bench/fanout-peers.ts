/** The servers that are compared: the edge with either fan-out, and nginx with nchan. Each takes the same changes and tells viewers of them. */
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import type { DerivedVm } from '../core/model.ts';
import { PROTOCOL_VERSION } from '../core/protocol-version.ts';
import type { BatchAnswer, SessionOpened } from '../core/uplink.ts';
import { ROOT } from '../local/paths.ts';
import { registerCluster } from '../local/registration.ts';
import { freePort } from '../test/support/free-port.ts';
import { startProcess, type TestProcess } from '../test/support/processes.ts';
import { EVENTS_PATH, PUBLISH_PATH, startNginx } from './fanout-nginx.ts';
import { frameOf, type Workload } from './fanout-workload.ts';
import { readUsage, type Usage } from './process-usage.ts';

export const PEERS = ['direct', 'bridge', 'nchan'] as const;
export type PeerName = (typeof PEERS)[number];

export interface Peer {
  readonly port: number;
  /** The newest that was published, and where viewers find what comes after it. */
  readonly revision: number;
  readonly path: string;
  /** Publishes changes that the workload has just made; the revision, once the server has taken them. */
  publish(vms: readonly DerivedVm[]): Promise<number>;
  /** How many viewers it has cut off, as its metrics say; null where it does not say. */
  cutOffCount(): Promise<number | null>;
  /** Of each of its processes. */
  usages(): Promise<Readonly<Record<string, Usage>>>;
  stop(): Promise<void>;
}

/** `folder`: one for itself. `nchan`: its module. The workload as it stands is known to it. */
export const startPeer = (name: PeerName, workload: Workload, folder: string, nchan: string): Promise<Peer> =>
  name === 'nchan' ? startNchanPeer(workload, folder, nchan) : startEdgePeer(name, workload, folder);

async function startNchanPeer(workload: Workload, folder: string, module: string): Promise<Peer> {
  const port = await freePort();
  const nginx = await startNginx(module, folder, port);
  const post = poster(port, {});
  let revision = 0;
  return {
    port,
    path: EVENTS_PATH,
    get revision() {
      return revision;
    },
    publish: async (vms) => {
      revision += 1;
      const body = JSON.stringify(frameOf(vms, revision, Date.now(), workload.digest));
      await post(PUBLISH_PATH, body, { 'x-eventsource-event': 'frame' });
      return revision;
    },
    cutOffCount: async () => null,
    usages: async () => {
      const [worker] = await childrenOf(nginx);
      return worker === undefined ? {} : { 'nginx worker': await readUsage(worker) };
    },
    stop: () => nginx.stop(),
  };
}

const CLUSTER = 'bench';
const ADMIN_TOKEN = 'token-of-the-benchmark';
const API = `/api/v1/clusters/${CLUSTER}`;

async function startEdgePeer(fanOut: 'direct' | 'bridge', workload: Workload, folder: string): Promise<Peer> {
  const port = await freePort();
  await mkdir(folder, { recursive: true });
  const vars = { FAN_OUT: fanOut, VIEWER_ACCESS: 'open', ADMIN_TOKEN };
  const args = [join(ROOT, 'local/edge-main.ts'), '--port', String(port), '--state', folder];
  const edge = startProcess(process.execPath, [...args, ...Object.entries(vars).flatMap(([name, value]) => ['--var', `${name}=${value}`])]);
  try {
    await edge.waitFor(/^ready /m);
    const token = await registerCluster({ url: `http://127.0.0.1:${port}`, adminToken: ADMIN_TOKEN }, CLUSTER, CLUSTER);
    return await openUplink(edge, port, token, workload);
  } catch (error) {
    await edge.stop();
    throw error;
  }
}

async function openUplink(edge: TestProcess, port: number, token: string, workload: Workload): Promise<Peer> {
  const post = poster(port, { authorization: `Bearer ${token}`, 'content-type': 'application/json' });
  const opening = { protocol: PROTOCOL_VERSION, clusterUid: 'uid-of-kube-system', forwarder: 'benchmark' };
  const { session } = JSON.parse(await post(`${API}/sessions`, JSON.stringify(opening))) as SessionOpened;
  let number = 0;
  let cursor = '';
  const send = async (batch: object): Promise<void> => {
    number += 1;
    const answer = JSON.parse(await post(`${API}/batches`, JSON.stringify({ session, number, ...batch }))) as BatchAnswer;
    if (answer.resync) throw new Error('the room has another digest than the benchmark');
    cursor = answer.cursor ?? '';
  };
  const revision = (): number => Number(cursor.split('-')[1]);
  await send({ kind: 'sync-part', hosts: workload.hosts, vms: workload.vms, finished: [] });
  await send({ kind: 'sync-commit', parts: 1, digest: workload.digest });
  return {
    port,
    get revision() {
      return revision();
    },
    get path() {
      return `${API}/stream?cursor=${cursor}`;
    },
    publish: async (vms) => {
      await send({ kind: 'changes', hosts: [], vms, finished: [], goneHosts: [], goneVms: [], digest: workload.digest });
      return revision();
    },
    cutOffCount: async () => {
      const answer = await fetch(`http://127.0.0.1:${port}/metrics`, { headers: { authorization: `Bearer ${ADMIN_TOKEN}` } });
      return parseCutOffCount(await answer.text());
    },
    usages: async () => {
      const [workerd] = await childrenOf(edge);
      const node = { 'node (Miniflare)': await readUsage(pidOf(edge)) };
      return workerd === undefined ? node : { workerd: await readUsage(workerd), ...node };
    },
    stop: () => edge.stop(),
  };
}

/** The edge's metrics → how many viewers were cut off; null where it does not say. Pure. */
export function parseCutOffCount(metrics: string): number | null {
  const counts = [...metrics.matchAll(/^hostview_room_cut_off_total(?:\{.*\})? (\d+)$/gm)].map(([, count]) => Number(count));
  return counts.length === 0 ? null : counts.reduce((sum, count) => sum + count, 0);
}

/** POSTs on one connection that is kept; the answer's text. */
function poster(port: number, headers: Readonly<Record<string, string>>) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  return (path: string, body: string, more: Readonly<Record<string, string>> = {}): Promise<string> =>
    new Promise((resolve, reject) => {
      const length = { 'content-length': String(Buffer.byteLength(body)) };
      const asked = request(
        { host: '127.0.0.1', port, path, method: 'POST', agent, headers: { ...headers, ...length, ...more } },
        (answer) => {
          let text = '';
          answer.setEncoding('utf8');
          answer.on('data', (chunk: string) => {
            text += chunk;
          });
          answer.once('error', reject);
          answer.once('end', () => {
            const status = answer.statusCode ?? 0;
            if (status >= 200 && status < 300) resolve(text);
            else reject(new Error(`POST ${path}: ${status} ${text}`));
          });
        },
      );
      asked.once('error', reject);
      asked.end(body);
    });
}

function pidOf({ child }: TestProcess): number {
  if (child.pid === undefined) throw new Error('the process has not started');
  return child.pid;
}

/** Process ids. */
async function childrenOf(parent: TestProcess): Promise<number[]> {
  const pid = pidOf(parent);
  const tasks = await readdir(`/proc/${pid}/task`);
  const lists = await Promise.all(tasks.map((task) => readFile(`/proc/${pid}/task/${task}/children`, 'utf8').catch(() => '')));
  return lists.flatMap((list) => list.split(' ').filter(Boolean).map(Number));
}
