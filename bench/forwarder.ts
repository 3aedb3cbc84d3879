/**
 * `npm run bench:forwarder`: what the forwarder costs where it runs, beside client-node's own informers of the same four kinds.
 *
 *   memory   peak and settled, of processes that have listed a large cluster; and how long it takes to the first committed sync
 *   churn    CPU while 200 objects a second change, and how many batches left for changes that say nothing
 *   idle     requests and bytes asked of the API server while nothing changes, counted for some minutes and scaled to an hour
 *   faults   how long after a fault the picture is the cluster's again (of 12 VMs: what counts there is waiting, not size)
 *
 * Needs KUBEBUILDER_ASSETS (kube-apiserver, etcd) and Linux.
 */
import { cpus } from 'node:os';
import { basename } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { buildForwarder } from '../local/build-forwarder.ts';
import { EdgeDouble } from '../test/forwarder/edge-double.ts';
import { startHttpFaultProxy } from '../test/support/http-fault-proxy.ts';
import { findKubeApiServer, installCrds, type KubeApiServer, startKubeApiServer } from '../test/support/kube-apiserver.ts';
import { type MeasuredChild, startForwarderChild, startPeerChild } from './forwarder-child.ts';
import { churn } from './forwarder-churn.ts';
import { createLargeCluster, type LargeCluster } from './forwarder-cluster.ts';
import { measureFaults } from './forwarder-faults.ts';
import { formatTable, summarize } from './statistics.ts';

const PARTS = ['memory', 'churn', 'idle', 'faults'] as const;
const HELP = `npm run bench:forwarder -- [--vms 10000] [--hosts 500] [--runs 3] [--only ${PARTS.join(',')}] [--idle-seconds 300] [--fault TEXT] [--program FILE]
  --fault     only the faults whose name contains this text
  --program   the forwarder to measure (default: the file that npm run build:forwarder makes)`;
const { values } = parseArgs({
  options: {
    vms: { type: 'string', default: '10000' },
    hosts: { type: 'string', default: '500' },
    runs: { type: 'string', default: '3' },
    only: { type: 'string', default: PARTS.join(',') },
    'idle-seconds': { type: 'string', default: '300' },
    fault: { type: 'string', default: '' },
    program: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  console.log(HELP);
  process.exit(0);
}
const unknown = values.only.split(',').filter((part) => !PARTS.some((known) => known === part));
if (unknown.length > 0) {
  console.error(`--only: there is no part ${unknown.join(', ')}; there are ${PARTS.join(', ')}`);
  process.exit(2);
}
const assets = findKubeApiServer();
if (assets === null) process.exit(1);

const [RUNS, IDLE_SECONDS] = [Number(values.runs), Number(values['idle-seconds'])];
/** As it is deployed: one file. */
const PROGRAM = values.program ?? (await buildForwarder());
/** How long a process is left alone before it counts as settled. */
const SETTLE_MS = 30_000;
const CHURN = { rate: 200, seconds: 30 };
const MEGABYTE = 1_000_000;
const MS_PER_S = 1_000;
const SECONDS_PER_HOUR = 3_600;

const wants = (part: (typeof PARTS)[number]): boolean => values.only.split(',').includes(part);
const progress = (text: string): void => {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
  else console.error(text);
};
const closers: (() => Promise<unknown>)[] = [];

console.log(`${cpus().length} × ${cpus()[0]?.model}, Node ${process.version}, ${basename(PROGRAM)}\n`);
try {
  if (wants('memory') || wants('churn') || wants('idle')) await measureLarge(assets);
  if (wants('faults')) await measureFaults({ assets, runs: RUNS, program: PROGRAM, named: values.fault, progress });
} finally {
  for (const close of closers.reverse()) await close();
}

async function measureLarge(folder: string): Promise<void> {
  const server = await startKubeApiServer(folder);
  closers.push(() => server.stop());
  await installCrds(server.admin);
  const size = { vms: Number(values.vms), hosts: Number(values.hosts) };
  const cluster = await createLargeCluster(server.admin, size, (done, all) => progress(`creating objects: ${done} of ${all}`));
  console.log(`${size.vms} VMs on ${size.hosts} hosts, ${cluster.objectCount} objects; a VM or VMI has ${cluster.objectBytes} bytes\n`);
  if (wants('memory')) await measureMemory(server);
  if (wants('churn')) await measureChurn(server, cluster);
  if (wants('idle')) await measureIdle(server);
}

interface MemorySample {
  readonly readyMs: number;
  readonly peak: number;
  readonly settled: number;
  readonly heap: number;
}

async function measureMemory(server: KubeApiServer): Promise<void> {
  const samples = { forwarder: [] as MemorySample[], peer: [] as MemorySample[] };
  for (let run = 0; run < RUNS; run++) {
    for (const who of run % 2 === 0 ? (['forwarder', 'peer'] as const) : (['peer', 'forwarder'] as const)) {
      progress(`memory, run ${run + 1} of ${RUNS}: ${who}`);
      samples[who].push(await (who === 'forwarder' ? sampleForwarder(server) : samplePeer(server)));
    }
  }
  const column = (who: keyof typeof samples, field: keyof MemorySample, unit: number) =>
    summarize(samples[who].map((sample) => sample[field] / unit));
  const rows = (field: keyof MemorySample, unit: number, what: string) => ({
    [`${what}, forwarder`]: column('forwarder', field, unit),
    [`${what}, informers`]: column('peer', field, unit),
  });
  progress('');
  const fields = { ...rows('peak', MEGABYTE, 'peak'), ...rows('settled', MEGABYTE, 'settled') };
  console.log(`${formatTable({ ...fields, ...rows('heap', MEGABYTE, 'heap after a collection') }, 'MB')}\n`);
  for (const field of ['peak', 'settled', 'heap'] as const) {
    const ratio = column('forwarder', field, 1).p50 / column('peer', field, 1).p50;
    console.log(`  ${field}: ${ratio.toFixed(2)} of the informers' (aim: at most 0.25)`);
  }
  const ready = { 'forwarder, to the first committed sync': column('forwarder', 'readyMs', MS_PER_S) };
  console.log(`\n${formatTable({ ...ready, 'informers, to the last list': column('peer', 'readyMs', MS_PER_S) }, 's')}\n`);
}

async function sampleForwarder(server: KubeApiServer): Promise<MemorySample> {
  const edge = await EdgeDouble.start();
  const startedAt = performance.now();
  const child = await startForwarderChild(PROGRAM, edge.url, server.adminKubeConfig);
  try {
    await child.until(
      edge.until(() => edge.isSynced),
      'the first sync',
    );
    return await sampleSettled(child, performance.now() - startedAt);
  } finally {
    await child.stop();
    await edge.close();
  }
}

async function samplePeer(server: KubeApiServer): Promise<MemorySample> {
  const startedAt = performance.now();
  const child = await startPeerChild(server.adminKubeConfig);
  try {
    await child.process.waitFor(/^listed$/m);
    return await sampleSettled(child, performance.now() - startedAt);
  } finally {
    await child.stop();
  }
}

async function sampleSettled(child: MeasuredChild, readyMs: number): Promise<MemorySample> {
  await pause(SETTLE_MS);
  const { peakBytes, residentBytes } = await child.usage();
  return { readyMs, peak: peakBytes, settled: residentBytes, heap: await child.heapBytes() };
}

async function measureChurn(server: KubeApiServer, cluster: LargeCluster): Promise<void> {
  const edge = await EdgeDouble.start();
  const forwarder = await startForwarderChild(PROGRAM, edge.url, server.adminKubeConfig);
  const peer = await startPeerChild(server.adminKubeConfig);
  try {
    await Promise.all([
      forwarder.until(
        edge.until(() => edge.isSynced),
        'the first sync',
      ),
      peer.process.waitFor(/^listed$/m),
    ]);
    const rounds = { 'noise alone': 10, 'half of it noise': 5 };
    // Each host and instance gets the conditions that the rounds write, so that the first of noise is none.
    await churn(server.admin, cluster, { rate: CHURN.rate, seconds: 10, noiseOfTen: 10 });
    for (const [what, noiseOfTen] of Object.entries(rounds)) {
      await pause(SETTLE_MS / 3);
      progress(`churn, ${what}`);
      const from = edge.batches.length;
      const before = [await forwarder.usage(), await peer.usage()] as const;
      const startedAt = performance.now();
      const made = await churn(server.admin, cluster, { ...CHURN, noiseOfTen });
      await pause(MS_PER_S);
      const tookMs = performance.now() - startedAt;
      const after = [await forwarder.usage(), await peer.usage()] as const;
      const [own, others] = [0, 1].map((index) => ((after[index]?.cpuMs ?? 0) - (before[index]?.cpuMs ?? 0)) / tookMs) as [number, number];
      const batches = edge.batches.slice(from).filter(({ kind }) => kind === 'changes').length;
      progress('');
      console.log(
        `${what}: ${(made / (tookMs / MS_PER_S)).toFixed(0)} objects a second, ${batches} batches of changes; of a core: ` +
          `forwarder ${(own * 100).toFixed(1)} %, informers ${(others * 100).toFixed(1)} %`,
      );
    }
    console.log('');
  } finally {
    await peer.stop();
    await forwarder.stop();
    await edge.close();
  }
}

async function measureIdle(server: KubeApiServer): Promise<void> {
  const edge = await EdgeDouble.start();
  const proxy = await startHttpFaultProxy(server);
  const kubeconfig = server.adminKubeConfig.replaceAll(server.url, proxy.url);
  const child = await startForwarderChild(PROGRAM, edge.url, kubeconfig);
  try {
    await child.until(
      edge.until(() => edge.isSynced),
      'the first sync',
    );
    const listed = totalOf(proxy.traffic);
    proxy.resetTraffic();
    progress(`idle, for ${IDLE_SECONDS} s`);
    const { cpuMs } = await child.usage();
    await pause(IDLE_SECONDS * MS_PER_S);
    const idle = totalOf(proxy.traffic);
    const scale = SECONDS_PER_HOUR / IDLE_SECONDS;
    const cpu = ((await child.usage()).cpuMs - cpuMs) / (IDLE_SECONDS * MS_PER_S);
    progress('');
    console.log(`start: ${listed.requests} requests, ${(listed.bytes / MEGABYTE).toFixed(1)} MB`);
    console.log(
      `idle, an hour: ${Math.round(idle.requests * scale)} requests, ${((idle.bytes * scale) / MEGABYTE).toFixed(2)} MB ` +
        `(counted for ${IDLE_SECONDS} s and scaled); ${(cpu * 100).toFixed(2)} % of a core`,
    );
    for (const [path, { requests, bytes }] of [...proxy.traffic].sort(([a], [b]) => (a < b ? -1 : 1)))
      console.log(`  ${path.padEnd(72)}${String(requests).padStart(6)}${String(bytes).padStart(10)} bytes`);
    console.log('');
  } finally {
    await child.stop();
    await proxy.close();
    await edge.close();
  }
}

function totalOf(traffic: Awaited<ReturnType<typeof startHttpFaultProxy>>['traffic']): { requests: number; bytes: number } {
  const total = { requests: 0, bytes: 0 };
  for (const { requests, bytes } of traffic.values()) {
    total.requests += requests;
    total.bytes += bytes;
  }
  return total;
}
