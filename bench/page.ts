/**
 * `npm run bench:page`: what the page costs its reader's machine, beside a bare page that mounts and patches the same elements by hand.
 *
 *   mount       from the snapshot's arrival to the first board and to the whole; the longest task, script and rendering until all rests, and how
 *               far what was painted moved meanwhile
 *   a frame of  1, 100, 1,000 and all VMs: script and rendering from its arrival to its picture, and the time to that
 *   drain       200 VMs of one host start to leave at once, and arrive at once: the time to their picture; while they travel after it, animation
 *               frames in 400 ms and the longest time without one
 *   click       from a click on a VM to the picture after it; the first one of a visit fetches the details' file
 *   heap        after all of it, collected
 *   slow phone  4 times slower, 1.6 Mbit/s and 150 ms, 412 px wide: LCP, the first board, and TBT, which begins when the page hears of its first
 *               paint, some 30 ms after it
 *
 * Script, rendering and tasks are read from Chromium's own trace of the page's main thread (page-trace.ts), which counts what no clock in the
 * page sees: compiling, garbage collection, layout. They are the thread's CPU time, so that another process does not count; what is told as
 * an arrow, frames and LCP are the reader's time. Both pages get the same bytes from the same server, in the same browser, one right after
 * the other and each first in turn: a ratio is of one round, and can be told from noise where times cannot.
 */
import { rmSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildPage } from '../local/build.ts';
import { launchBrowser } from '../test/support/browser.ts';
import { makeFolder } from '../test/support/folder.ts';
import { createPageCluster } from './page-cluster.ts';
import { startPageEdge } from './page-edge.ts';
import { formatRounds, type Round } from './page-report.ts';
import { probe, type Samples, visit, visitSlowly } from './page-visit.ts';

const HELP = `npm run bench:page -- [--sizes 20/200,100/2000,1000/10000] [--rounds 5] [--frames 5] [--slow 3] [--quick]
  --sizes     hosts/VMs
  --rounds    visits to each page
  --frames    frames of each kind in a visit
  --slow      of the rounds, how many on a slow phone as well
  --quick     one round of everything, to see that it works
Some ten minutes, and the machine to itself. Needs Chromium.`;
const { values } = parseArgs({
  options: {
    sizes: { type: 'string', default: '20/200,100/2000,1000/10000' },
    rounds: { type: 'string' },
    frames: { type: 'string' },
    slow: { type: 'string' },
    quick: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  console.log(HELP);
  process.exit(0);
}
const preset = values.quick ? { rounds: '1', frames: '1', slow: '1' } : { rounds: '5', frames: '5', slow: '3' };
const ROUNDS = Number(values.rounds ?? preset.rounds);
const FRAMES = Number(values.frames ?? preset.frames);
const SLOW = Number(values.slow ?? preset.slow);
const SIZES = values.sizes.split(',').map((size) => size.split('/').map(Number));
if (
  ![ROUNDS, FRAMES].every(isCount) ||
  !(SLOW === 0 || isCount(SLOW)) ||
  !SIZES.every((size) => size.length === 2 && size.every((count) => isCount(count) && count > 1))
) {
  console.error(HELP);
  process.exit(2);
}
const PLAN = { changes: [1, 100, 1_000, Number.MAX_SAFE_INTEGER], frames: FRAMES, clicks: FRAMES };

const folder = await makeFolder('page');
process.on('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }));
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
const progress = (text: string): void => {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
};

const [loadBefore = 0] = loadavg();
await buildPage(join(folder, 'web'));
const browser = await launchBrowser();
try {
  console.log(
    `${new Date().toISOString().slice(0, 10)}, ${cpus().length} × ${cpus()[0]?.model}, Node ${process.versions.node}, Chromium ${browser.version()}, load average before: ${loadBefore.toFixed(1)}`,
  );
  console.log(`${ROUNDS} rounds, ${FRAMES} frames of each kind in each; spread: half the distance between the quartiles`);
  for (const [hosts = 0, vms = 0] of SIZES) await measureSize(hosts, vms);
} finally {
  await browser.close();
}

async function measureSize(hosts: number, vms: number): Promise<void> {
  const cluster = createPageCluster(vms, hosts);
  const edge = await startPageEdge(cluster, join(folder, 'web'));
  try {
    const stage = { browser, edge, cluster };
    progress(`${vms} VMs: a look at the elements`);
    edge.bare = await probe(stage);
    const rounds: Round[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const samples: { hostview: Samples; bare: Samples } = { hostview: new Map(), bare: new Map() };
      for (const name of round % 2 === 0 ? (['hostview', 'bare'] as const) : (['bare', 'hostview'] as const)) {
        progress(`${vms} VMs, round ${round + 1} of ${ROUNDS}: ${name}`);
        samples[name] = await visit(stage, name, PLAN);
        if (round < SLOW) for (const [what, values] of await visitSlowly(stage, name)) samples[name].set(what, values);
      }
      rounds.push(samples);
    }
    progress('');
    const { wire, json } = edge.snapshotBytes();
    console.log(
      `\n${vms.toLocaleString('en')} VMs on ${hosts.toLocaleString('en')} hosts; snapshot ${(wire / 1_000).toFixed(1)} kB gzip (${(json / 1_000_000).toFixed(2)} MB)\n${formatRounds(rounds)}`,
    );
  } finally {
    await edge.close();
  }
}

function isCount(count: number): boolean {
  return Number.isSafeInteger(count) && count > 0;
}
