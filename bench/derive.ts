/**
 * `npm run bench:derive`: what the derivation costs, in one process and one run.
 *
 *   one change   a VM that becomes not ready, moves to another host, or says nothing new, in clusters of 100, 1,000 and 10,000 VMs.
 *                The clusters take turns, a change each, so that the machine's moods hit all of them; what counts is the ratio.
 *   everything   the whole model of 10,000 VMs on 500 hosts, from facts
 *   frames       how large the frames are that such changes make, and the snapshot
 */
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { Inventory, type InventoryChanges } from '../core/derive/inventory.ts';
import type { Frame } from '../core/downlink.ts';
import type { VmiFact } from '../core/facts.ts';
import { composeHost, EMPTY_HOST_MEMORY } from '../core/host-memory.ts';
import { composeVm, EMPTY_MEMORY } from '../core/memory.ts';
import { type BenchCluster, createBenchCluster } from './derive-cluster.ts';
import { formatTable, quantile, summarize } from './statistics.ts';

const HELP = 'npm run bench:derive -- [--changes 3000] [--full 15]';
const { values } = parseArgs({
  options: {
    changes: { type: 'string', default: '3000' },
    full: { type: 'string', default: '15' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  console.log(HELP);
  process.exit(0);
}
const CHANGES = Number(values.changes);
const FULL = Number(values.full);
const SIZES = [100, 1_000, 10_000] as const;
const VMS_PER_HOST = 20;
const WARM_UP_COUNT = 500;

console.log(`${cpus().length} × ${cpus()[0]?.model}, Node ${process.version}\n`);
const clusters = new Map(SIZES.map((size) => [size, createBenchCluster(size, Math.ceil(size / VMS_PER_HOST))]));

type Change = (cluster: BenchCluster, turn: number) => VmiFact;
const CHANGE_KINDS: Readonly<Record<string, Change>> = {
  'not ready, ready again': (cluster, turn) => cluster.readiness(turn),
  'another host': (cluster, turn) => cluster.move(turn),
  'nothing new': (cluster, turn) => cluster.same(turn),
};

for (const [what, change] of Object.entries(CHANGE_KINDS)) reportChange(what, measureChange(change));
reportFull();
reportFrames();

/** Microseconds of each change, by size of the cluster. */
function measureChange(change: Change): ReadonlyMap<number, number[]> {
  const samples = new Map<number, number[]>(SIZES.map((size) => [size, []]));
  for (let turn = 0; turn < CHANGES + WARM_UP_COUNT; turn += 1) {
    for (const size of turn % 2 === 0 ? SIZES : SIZES.toReversed()) {
      const cluster = clusters.get(size);
      if (cluster === undefined) continue;
      const fact = change(cluster, turn);
      const begun = performance.now();
      cluster.inventory.set('vmi', fact);
      cluster.inventory.takeChanges();
      cluster.inventory.digest;
      const took = (performance.now() - begun) * 1_000;
      if (turn >= WARM_UP_COUNT) samples.get(size)?.push(took);
    }
  }
  return samples;
}

function reportChange(what: string, samples: ReadonlyMap<number, number[]>): void {
  const rows = Object.fromEntries([...samples].map(([size, some]) => [`${what}, ${size.toLocaleString('en')} VMs`, summarize(some)]));
  const medians = [...samples.values()].map((some) => quantile(some, 0.5));
  const ratio = Math.max(...medians) / Math.min(...medians);
  console.log(`${formatTable(rows, 'µs')}\n  largest median / smallest: ${ratio.toFixed(2)} (aim: at most 1.5)\n`);
}

function reportFull(): void {
  const cluster = clusters.get(10_000);
  if (cluster === undefined) return;
  const took: number[] = [];
  for (let run = 0; run < FULL; run += 1) {
    const inventory = new Inventory();
    const begun = performance.now();
    for (const [kind, facts] of cluster.lists()) inventory.replace(kind, facts as never);
    inventory.takeChanges();
    inventory.digest;
    took.push(performance.now() - begun);
  }
  console.log(`${formatTable({ '10,000 VMs on 500 hosts, everything': summarize(took) }, 'ms')}\n`);
}

function reportFrames(): void {
  const cluster = clusters.get(10_000);
  if (cluster === undefined) return;
  const one = (act: () => void): InventoryChanges => {
    cluster.inventory.takeChanges();
    act();
    return cluster.inventory.takeChanges();
  };
  const everything = new Inventory();
  for (const [kind, facts] of cluster.lists()) everything.replace(kind, facts as never);
  const frames: readonly (readonly [string, InventoryChanges])[] = [
    ['a VM is not ready', one(() => cluster.inventory.set('vmi', cluster.readiness(1)))],
    ['a VM is on another host', one(() => cluster.inventory.set('vmi', cluster.move(1)))],
    ['a host falls silent', one(() => cluster.inventory.set('host', cluster.silent(0)))],
    ['a host is asked to drain', one(() => cluster.drain(1))],
    ['everything', everything.takeChanges()],
  ];
  console.log('frame                            VMs  hosts       bytes    gzipped');
  for (const [what, changes] of frames) {
    const json = JSON.stringify(frameOf(changes));
    const cells = [
      String(changes.vms.size).padStart(6),
      String(changes.hosts.size).padStart(6),
      String(Buffer.byteLength(json)).padStart(11),
    ];
    console.log(`${what.padEnd(30)}${cells.join(' ')}${String(gzipSync(json).length).padStart(11)}`);
  }
}

function frameOf({ hosts, vms }: InventoryChanges): Frame {
  return {
    from: '0123456789ab-1',
    to: '0123456789ab-2',
    at: 1_795_000_000_000,
    digest: '0123456789abcdef',
    hosts: [...hosts.values()].flatMap((host) => (host === null ? [] : composeHost(host, EMPTY_HOST_MEMORY))),
    vms: [...vms.values()].flatMap((vm) => (vm === null ? [] : composeVm(vm, EMPTY_MEMORY))),
  };
}
