/** The edge that a recording is played to, as a process of its own: its counters, its CPU time, and what lies in its database afterwards. */
import { readdir } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { ROOT } from '../local/paths.ts';
import { registerCluster } from '../local/registration.ts';
import { freePort } from '../test/support/free-port.ts';
import { descendantsOf } from '../test/support/process-tree.ts';
import { startProcess } from '../test/support/processes.ts';
import { parsePrometheus } from '../test/support/prometheus.ts';
import type { FanOut } from './cost-model.ts';
import { readUsage } from './process-usage.ts';

const ADMIN_TOKEN = 'token-of-the-benchmark';

/** Of one room, since it woke up. */
export interface RoomCounters {
  /** Seconds since the Unix epoch. */
  readonly wokeAt: number;
  readonly rowsRead: number;
  readonly rowsWritten: number;
  readonly batches: number;
  readonly entities: number;
  readonly revision: number;
}

export interface Answer {
  readonly text: string;
  /** From the first byte sent to the last byte read. */
  readonly tookMs: number;
}

export interface CostEdge {
  readonly port: number;
  /** Registers a cluster; its forwarder's posts. */
  join(cluster: string): Promise<Uplink>;
  get(path: string): Promise<Answer>;
  /** Of all rooms, by cluster. It wakes each of them, and has it read all its entities. */
  counters(): Promise<ReadonlyMap<string, RoomCounters>>;
  /** Of workerd, since it started. */
  cpuMs(): Promise<number>;
  stop(): Promise<void>;
}

export interface Uplink {
  post(path: string, body: object): Promise<Answer>;
  get(path: string): Promise<Answer>;
}

/** `folder`: where its state is; there must be none yet. */
export async function startCostEdge(fanOut: FanOut, folder: string): Promise<CostEdge> {
  const port = await freePort();
  const vars = { FAN_OUT: fanOut, VIEWER_ACCESS: 'open', ADMIN_TOKEN };
  const args = [join(ROOT, 'local/edge-main.ts'), '--port', String(port), '--state', folder];
  const edge = startProcess(process.execPath, [...args, ...Object.entries(vars).flatMap(([name, value]) => ['--var', `${name}=${value}`])]);
  const agent = new Agent({ keepAlive: true });
  const ask = asker(port, agent);
  await edge.waitFor(/^ready /m);
  const workerd = descendantsOf(edge.child.pid ?? 0);
  return {
    port,
    get: (path) => ask('GET', path, {}, null),
    join: async (cluster) => {
      const token = await registerCluster({ url: `http://127.0.0.1:${port}`, adminToken: ADMIN_TOKEN }, cluster, cluster);
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
      const base = `/api/v1/clusters/${cluster}/`;
      return {
        post: (path, body) => ask('POST', base + path, headers, JSON.stringify(body)),
        get: (path) => ask('GET', base + path, headers, null),
      };
    },
    counters: async () => readCounters((await ask('GET', '/metrics', { authorization: `Bearer ${ADMIN_TOKEN}` }, null)).text),
    cpuMs: async () => {
      const usages = await Promise.all(workerd.map((pid) => readUsage(pid)));
      return usages.reduce((sum, { cpuMs }) => sum + cpuMs, 0);
    },
    stop: async () => {
      agent.destroy();
      await edge.stop();
    },
  };
}

/** Throws where the answer is an error. */
function asker(port: number, agent: Agent) {
  return (method: string, path: string, headers: Readonly<Record<string, string>>, body: string | null): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const startedAt = performance.now();
      const length = body === null ? {} : { 'content-length': String(Buffer.byteLength(body)) };
      const asked = request({ host: '127.0.0.1', port, path, method, agent, headers: { ...headers, ...length } }, (answer) => {
        let text = '';
        answer.setEncoding('utf8');
        answer.on('data', (chunk: string) => {
          text += chunk;
        });
        answer.once('error', reject);
        answer.once('end', () => {
          const status = answer.statusCode ?? 0;
          if (status >= 200 && status < 300) resolve({ text, tookMs: performance.now() - startedAt });
          else reject(new Error(`${method} ${path}: ${status} ${text}`));
        });
      });
      asked.once('error', reject);
      asked.end(body ?? undefined);
    });
}

function readCounters(metrics: string): ReadonlyMap<string, RoomCounters> {
  const { families, value } = parsePrometheus(metrics);
  const clusters = families.get('hostview_room_up')?.samples.map(({ labels }) => labels.cluster ?? '') ?? [];
  return new Map(
    clusters.map((cluster) => {
      const of = (name: string): number => {
        const number = value(name, { cluster });
        if (number === undefined) throw new Error(`the metrics do not say ${name} of ${cluster}`);
        return number;
      };
      return [
        cluster,
        {
          wokeAt: of('hostview_room_constructed_seconds'),
          rowsRead: of('hostview_room_rows_read_total'),
          rowsWritten: of('hostview_room_rows_written_total'),
          batches: of('hostview_cluster_batches_total'),
          entities: of('hostview_cluster_hosts') + of('hostview_cluster_vms'),
          revision: of('hostview_cluster_revision'),
        },
      ];
    }),
  );
}

export interface StoredRoom {
  /** Rows of the log, which are pruned when they are old. */
  readonly segments: number;
  readonly checkpoints: number;
  readonly migrations: number;
  /** Of frames and checkpoints; of everything else. */
  readonly logBytes: number;
  readonly otherBytes: number;
}

/** What a stopped edge has left in its rooms' databases, by cluster. */
export async function readStored(folder: string): Promise<ReadonlyMap<string, StoredRoom>> {
  const files = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.sqlite'));
  return new Map(files.flatMap((file) => readRoom(join(folder, file))));
}

function readRoom(file: string): readonly (readonly [string, StoredRoom])[] {
  const database = new DatabaseSync(file);
  try {
    const one = (query: string): number => Number(Object.values(database.prepare(query).get() ?? {})[0] ?? 0);
    if (one(`SELECT count(*) FROM sqlite_master WHERE name = 'segments'`) === 0) return [];
    const cluster = String(database.prepare('SELECT cluster FROM config').get()?.cluster);
    const logBytes = one('SELECT coalesce(sum(bytes), 0) FROM segments') + one('SELECT coalesce(sum(bytes), 0) FROM checkpoints');
    return [
      [
        cluster,
        {
          segments: one('SELECT count(*) FROM segments'),
          checkpoints: one('SELECT count(*) FROM checkpoints'),
          migrations: one('SELECT count(*) FROM migrations'),
          logBytes,
          otherBytes: Math.max(0, one('PRAGMA page_count') * one('PRAGMA page_size') - logBytes),
        },
      ],
    ];
  } finally {
    database.close();
  }
}
