/**
 * `npm run bench:fanout`: what many viewers cost, beside nginx with nchan. All in one run, the servers in turn, with the same changes:
 *
 *   latency  (i) one change a second: from the publisher's POST to the last viewer
 *   load     (ii) a thousand changes a second in batches: changes delivered, the age of what is shown, who is cut off
 *   frozen   (iii) one of ten viewers does not read: what the others notice, and when it is cut off
 *   (iv) memory of the servers, at rest, with the viewers, and at the peak
 *
 * nchan keeps messages in memory; the edge stores each change durably before it shows it, and merges for whoever is behind. The viewers
 * are a process on the same machine and take their share of its processors. Needs Linux, nginx and nchan.
 */
import { rmSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createRandom } from '../simulator/random.ts';
import { setup as build } from '../test/support/build.ts';
import { makeFolder } from '../test/support/folder.ts';
import { Audience } from './fanout-audience.ts';
import { findNchan } from './fanout-nginx.ts';
import { measureFrozen, measureLatency, measureLoad } from './fanout-parts.ts';
import { PEERS, type Peer, type PeerName, startPeer } from './fanout-peers.ts';
import { emptySamples, formatReport, type PeerSamples } from './fanout-report.ts';
import { readOpenFilesLimit } from './fanout-sockets.ts';
import { Workload } from './fanout-workload.ts';

const PARTS = ['latency', 'load', 'frozen'] as const;
const HELP = `npm run bench:fanout -- [--rounds 3] [--viewers 200,1000] [--only ${PEERS.join(',')}] [--parts ${PARTS.join(',')}]
                       [--changes 30] [--seconds 15] [--rate 1000] [--clients 1] [--quick]
  --viewers   (i) is measured with each number, (ii) with the last
  --changes   of (i), in each round
  --seconds   of (ii), in each round; --rate: its changes a second
  --clients   how many processes the viewers are in
  --quick     one short round with 100 viewers, to see that it works: some 30 s
All of it takes some 20 minutes, and the machine to itself.`;
const { values } = parseArgs({
  options: {
    rounds: { type: 'string' },
    viewers: { type: 'string' },
    only: { type: 'string', default: PEERS.join(',') },
    parts: { type: 'string', default: PARTS.join(',') },
    changes: { type: 'string' },
    seconds: { type: 'string' },
    rate: { type: 'string', default: '1000' },
    clients: { type: 'string', default: '1' },
    quick: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  console.log(HELP);
  process.exit(0);
}
const [wanted, parts] = [values.only.split(','), values.parts.split(',')];
const unknown = [
  ...wanted.filter((name) => !PEERS.some((known) => known === name)),
  ...parts.filter((name) => !PARTS.some((known) => known === name)),
];
if (unknown.length > 0) {
  console.error(`There is no ${unknown.join(', ')}.\n${HELP}`);
  process.exit(2);
}
const peers = PEERS.filter((name) => wanted.includes(name));
const plan = values.quick
  ? { rounds: 1, viewers: '100', changes: 2, seconds: 2, frozen: { secondsBefore: 1, secondsDuring: 2 } }
  : { rounds: 3, viewers: '200,1000', changes: 30, seconds: 15, frozen: { secondsBefore: 8, secondsDuring: 20 } };
const ROUNDS = Number(values.rounds ?? plan.rounds);
const VIEWERS = (values.viewers ?? plan.viewers).split(',').map(Number);
const CHANGES = Number(values.changes ?? plan.changes);
const SECONDS = Number(values.seconds ?? plan.seconds);
const RATE = Number(values.rate);
const CLUSTER = { vms: 2_000, hosts: 50 };
/** Each frame all VMs, 4 a second: the kernel's buffers of a frozen viewer are full after some seconds, the server's later. */
const FROZEN = { viewers: 10, vms: CLUSTER.vms, everyMs: 250, ...plan.frozen };
/** What a process has open besides viewers. */
const OTHER_FILES_COUNT = 200;

if (![ROUNDS, CHANGES, SECONDS, RATE, Number(values.clients), ...VIEWERS].every((count) => Number.isSafeInteger(count) && count > 0)) {
  console.error(`Numbers are whole and positive.\n${HELP}`);
  process.exit(2);
}
const nchan = peers.includes('nchan') ? findNchan() : '';
if (nchan === null) process.exit(1);
const most = Math.max(...VIEWERS, FROZEN.viewers);
const openFiles = await readOpenFilesLimit();
// workerd has both ends of a bridge's WebSockets within it, and no file for them.
if (openFiles < most + OTHER_FILES_COUNT) {
  console.error(
    `${most} viewers need ${most + OTHER_FILES_COUNT} open files; the limit is ${openFiles} (ulimit -n ${2 * most + OTHER_FILES_COUNT}).`,
  );
  process.exit(1);
}

const folder = await makeFolder('fanout');
process.on('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }));
// Ends by itself what it has started: each child is killed when this process exits.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));

const progress = (text: string): void => {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
  else if (text !== '') console.error(text);
};

const [loadBefore = 0] = loadavg();
progress('building');
await build();
const results = new Map<PeerName, PeerSamples>(peers.map((name) => [name, emptySamples()]));
const failures: string[] = [];
for (let round = 0; round < ROUNDS; round++) {
  // Each is first once, so that whatever the machine does at that time meets all alike.
  for (const name of peers.map((_, index) => peers[(index + round) % peers.length] ?? 'direct')) {
    // What was measured before is worth telling, and so is what the others do.
    await measurePeer(name, round, results.get(name) ?? emptySamples()).catch((error: unknown) => {
      failures.push(`round ${round + 1}, ${name}: ${String(error)}`);
    });
  }
}
progress('');
console.log(
  `${new Date().toISOString().slice(0, 10)}, ${cpus().length} × ${cpus()[0]?.model}, Node ${process.versions.node}, load average before: ${loadBefore.toFixed(1)}`,
);
console.log(
  `${ROUNDS} rounds; ${CLUSTER.vms} VMs; (i) ${CHANGES} changes a round; (ii) ${RATE} changes/s for ${SECONDS} s to ${VIEWERS.at(-1)} viewers; ` +
    `viewers in ${values.clients} process${values.clients === '1' ? '' : 'es'} on the same processors\n`,
);
console.log(formatReport(results));
for (const failure of failures) console.error(`Failed: ${failure}`);
process.exit(failures.length === 0 ? 0 : 1);

/** A server of its own for each round. */
async function measurePeer(name: PeerName, round: number, samples: PeerSamples): Promise<void> {
  const told = (what: string): void => progress(`round ${round + 1} of ${ROUNDS}, ${name}: ${what}`);
  const workload = new Workload(CLUSTER.vms, CLUSTER.hosts, createRandom(round).below);
  told('starting');
  const peer = await startPeer(name, workload, join(folder, `${name}-${round}`), nchan ?? '');
  const audience = new Audience(Number(values.clients));
  const stage = { peer, workload, audience };
  const note = async (when: string, field: 'residentBytes' | 'peakBytes' = 'residentBytes'): Promise<void> => {
    for (const [process, usage] of Object.entries(await peer.usages())) samples.memory.push({ when, process, bytes: usage[field] });
  };
  try {
    await note('at rest');
    for (const viewers of VIEWERS) {
      const isLast = viewers === VIEWERS.at(-1);
      if (!parts.includes('latency') && !(isLast && parts.includes('load'))) continue;
      told(`${viewers} viewers`);
      await openViewers(audience, peer, viewers);
      if (parts.includes('latency')) {
        const sample = await measureLatency(stage, viewers, CHANGES);
        samples.latency.set(viewers, [...(samples.latency.get(viewers) ?? []), sample]);
      }
      if (isLast) {
        await note(`${viewers} viewers`);
        told(`${RATE} changes a second`);
        if (parts.includes('load')) samples.load.push(await measureLoad(stage, viewers, RATE, SECONDS));
        await note('peak', 'peakBytes');
      }
      await audience.close();
    }
    if (parts.includes('frozen')) {
      told('one viewer frozen');
      await openViewers(audience, peer, FROZEN.viewers);
      samples.frozen.push(await measureFrozen(stage, FROZEN));
      await note('peak, with (iii)', 'peakBytes');
      await audience.close();
    }
  } finally {
    audience.end();
    await peer.stop();
  }
}

async function openViewers(audience: Audience, peer: Peer, viewers: number): Promise<void> {
  const { port, path, revision } = peer;
  await audience.open(viewers, { port, path, revision });
}
