/** What a watched cluster tells of itself: the telemetry's calls, and each kind's status. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { OPTIONAL_KINDS, REQUIRED_KINDS } from '../../core/facts.ts';
import { err } from '../../core/result.ts';
import { systemClock } from '../../forwarder/clock.ts';
import { ClusterWatch } from '../../forwarder/cluster-watch.ts';
import { createKubeClient, type KubeClient } from '../../forwarder/kube-client.ts';
import type { KubeFailure } from '../../forwarder/kube-failure.ts';
import { chooseContext, parseKubeConfig } from '../../forwarder/kubeconfig.ts';
import { createLog } from '../../forwarder/log.ts';
import { KINDS } from '../../forwarder/projector.ts';
import { type ServedCluster, serveCluster } from '../../simulator/api-server.ts';
import { createCluster } from '../../simulator/cluster.ts';
import type { Cluster } from '../../simulator/types.ts';

let cluster: Cluster;
let served: ServedCluster;
let client: KubeClient;
let watch: ClusterWatch;
let stopping: AbortController;
let done: Promise<void>;
let told: string[];
let lines: Record<string, unknown>[];
let look: () => void;
/** Instead of the API server's answer to what is asked besides lists and watches; null leaves it to the server. */
let answer: KubeFailure | null;
let askedCount: number;
let laterMs: number;

beforeEach(async () => {
  cluster = createCluster({ name: 'harvester', hosts: 3, vms: 12, seed: 1 });
  served = await serveCluster(cluster);
  const parsed = parseKubeConfig(served.kubeconfig, 'kubeconfig');
  const chosen = parsed.ok ? chooseContext(parsed.value, undefined, 'kubeconfig') : parsed;
  if (!chosen.ok) throw new Error(chosen.error);
  client = createKubeClient(chosen.value);
  told = [];
  lines = [];
  look = () => {};
  answer = null;
  askedCount = 0;
  laterMs = 0;
  stopping = new AbortController();
  done = Promise.resolve();
  watch = new ClusterWatch({
    client: { ...client, getText: (path, limits) => (isAsked(path) ? ask(path, limits) : client.getText(path, limits)) },
    log: createLog({ level: 'info', format: 'json', write: (line) => lines.push(JSON.parse(line)), now: () => new Date() }),
    clock: { ...systemClock, now: () => systemClock.now() + laterMs },
    random: () => 0,
    telemetry: {
      listed: (kind, how, count) => told.push(`${kind} listed ${how} ${count}`),
      watchOpened: (kind) => told.push(`${kind} opened`),
      heard: (kind, type) => told.push(`${kind} ${type}`),
      failed: (kind, verb, failure) => told.push(`${kind} ${verb} ${failure.kind === 'status' ? failure.status : failure.kind}`),
      refused: (kind) => told.push(`${kind} refused`),
    },
  });
});
afterEach(async () => {
  stopping.abort();
  await done;
  client.close();
  await served.close();
});

/** An object, for which the API server must ask etcd: it says `/version` even while that hangs. */
const isAsked = (path: string): boolean => path.endsWith('/namespaces/kube-system');
const ask: KubeClient['getText'] = async (path, limits) => {
  askedCount += 1;
  return answer === null ? client.getText(path, limits) : err(answer);
};
function until(condition: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    look = () => condition() && resolve();
    look();
  });
}
const start = (): void => {
  done = watch.run(stopping.signal, () => look());
};
const of = (kind: string): readonly string[] => told.filter((call) => call.startsWith(`${kind} `));

test('each kind tells of its list, its watch and its events, in that order', async () => {
  start();
  await until(() => watch.isWatched);
  expect(of('vmi').filter((call) => / listed /.test(call))).toEqual([expect.stringMatching(/^vmi listed (stream|pages) \d+$/)]);
  for (const kind of KINDS) expect(of(kind).filter((call) => call.endsWith(' opened'))).toHaveLength(1);
  const before = of('vmi').length;
  cluster.migrate({ namespace: 'default', name: 'ubuntu-web-1' }).finish();
  await until(() => of('vmi').length > before);
  expect(of('vmi').slice(before)).toContain('vmi set');
  for (const kind of KINDS) {
    expect(watch.statusOf(kind)).toEqual({ isWatching: true, isWithheld: false, problem: null, isLasting: false });
  }
  expect(watch.problems).toEqual([]);
});

test('what may not be read: the failure is told, the status says why, and the line has it in fields', async () => {
  cluster.faults.forbid('*', 'nodes');
  cluster.faults.forbid('*', 'pods');
  start();
  await until(() => watch.statusOf('pod').isWithheld);
  await until(() => watch.problems.length > 0);
  expect(of('host')[0]).toMatch(/^host (list|watch) 403$/);
  expect(watch.isWatched).toBe(false);
  expect(watch.statusOf('host')).toMatchObject({ isWatching: false, isWithheld: false, isLasting: true });
  expect(watch.statusOf('host').problem).toBe(watch.problems[0]);
  expect(watch.statusOf('pod')).toMatchObject({ isWatching: false, isWithheld: true, isLasting: true });
  expect(lines.find(({ level }) => level === 'warn')).toMatchObject({
    resource: 'nodes',
    outcome: 'status',
    status: 403,
    server: served.url,
  });
  expect(lines.find(({ resource }) => resource === 'pods')).toMatchObject({ level: 'info', status: 403 });
});

test('a question that nobody answers: every watch is opened anew from where it was, nothing is listed and nothing withheld (U10)', async () => {
  start();
  await until(() => watch.isWatched);
  told.length = 0;
  lines.length = 0;
  const { signal } = stopping;
  answer = { kind: 'unreachable', reason: 'no answer in time' };
  expect(await watch.isAnswering(signal)).toBe(false);
  await until(() => !watch.isWatched);
  await until(() => watch.isWatched);
  for (const kind of REQUIRED_KINDS) expect(of(kind)).toEqual([`${kind} watch unreachable`, `${kind} opened`]);
  for (const kind of OPTIONAL_KINDS) expect(of(kind)).toEqual([`${kind} opened`]);
  expect(lines.map(({ level }) => level)).toEqual(['warn']);
  answer = null;
  expect(await watch.isAnswering(signal)).toBe(true);
  expect(lines.map(({ level }) => level)).toEqual(['warn', 'info']);
});

test('an optional kind whose watch is in doubt and not accepted again is withheld, and listed before it counts', async () => {
  start();
  await until(() => watch.isWatched);
  told.length = 0;
  cluster.faults.forbid('watch', 'pods');
  answer = { kind: 'unreachable', reason: 'no answer in time' };
  await watch.isAnswering(stopping.signal);
  await until(() => watch.statusOf('pod').isWithheld && watch.isWatched);
  expect(of('pod')).toEqual(['pod watch 403']);
});

test('a server that asks for time is asked nothing more until then, neither whether it answers nor which cluster it is', async () => {
  start();
  await until(() => watch.isWatched);
  const { signal } = stopping;
  answer = { kind: 'status', status: 429, message: '', retryAfterMs: 60_000 };
  expect(await watch.isAnswering(signal)).toBe(false);
  expect(askedCount).toBe(1);
  answer = null;
  laterMs = 59_000;
  expect([await watch.isAnswering(signal), (await watch.readClusterUid(signal)).ok, askedCount]).toEqual([false, false, 1]);
  laterMs = 60_001;
  expect([await watch.isAnswering(signal), (await watch.readClusterUid(signal)).ok, askedCount]).toEqual([true, true, 3]);
  expect(watch.isWatched).toBe(true);
});
