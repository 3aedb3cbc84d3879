/**
 * `npm run bench:cost`: what a cluster costs on Cloudflare. Recorded hours (bench/recordings, made by cost-record.ts) are played to the
 * real Worker in workerd, with either fan-out; its own counters say what is billed by the row, and the rest is counted in the recording or
 * bounded by a measurement here. Times the published prices; the tables are those of docs/cost.md. Some five minutes, more on a busy machine. Needs Linux.
 */
import { rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { ROOT } from '../local/paths.ts';
import { setup as build } from '../test/support/build.ts';
import { makeFolder } from '../test/support/folder.ts';
import { readStored, type StoredRoom, startCostEdge } from './cost-edge.ts';
import { aloneOf, eachOf, hourFactsOf, unitFactsOf } from './cost-facts.ts';
import type { FanOut, HourFacts } from './cost-model.ts';
import { countPosts, parseRecording, type Recording } from './cost-recording.ts';
import { measureRequest, measureSleep, type Replayed, replay, type SleepFacts } from './cost-replay.ts';
import { formatCost, type MeasuredHour } from './cost-report.ts';

const HELP = `npm run bench:cost -- [--viewers 0,1,100]
  --viewers   how many look at each cluster; 0 must be among them
Plays each recorded hour once for each number of viewers and fan-out.`;
const { values } = parseArgs({ options: { viewers: { type: 'string', default: '0,1,100' }, help: { type: 'boolean', default: false } } });
const VIEWERS = values.viewers.split(',').map(Number);
if (values.help || !VIEWERS.includes(0) || !VIEWERS.every((count) => Number.isSafeInteger(count) && count >= 0)) {
  console.log(HELP);
  process.exit(values.help ? 0 : 2);
}
const NAMES = ['quiet', 'busy'] as const;
const REQUESTS_COUNT = 1_000;

interface Played {
  readonly replays: ReadonlyMap<string, readonly Replayed[]>;
  readonly stored: ReadonlyMap<string, StoredRoom>;
  readonly requestCpuMs: number;
  readonly sleep: SleepFacts;
}

const folder = await makeFolder('cost');
process.on('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }));
// Ends by itself what it has started: each child is killed when this process exits.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));

const [loadBefore = 0] = loadavg();
await build();
const recordings: ReadonlyMap<string, Recording> = new Map(
  await Promise.all(NAMES.map(async (name) => [name, await readRecording(name)] as const)),
);
// Side by side: most of what is measured is counted, and the rest an upper bound.
const [bridge, direct] = await Promise.all([play('bridge'), play('direct')]);
const [quiet, busy] = [hourOf('quiet'), hourOf('busy')];
const unit = unitFactsOf({ ...bridge, replays: [...bridge.replays.values()].flat(), busiest: bridge.replays.get('busy') ?? [] });
const machine = `${cpus().length} × ${cpus()[0]?.model}, Node ${process.versions.node}, load average before: ${loadBefore.toFixed(1)}`;
console.log(`${new Date().toISOString().slice(0, 10)}, ${machine}\n`);
const batchCpuMs = aloneOf(bridge.replays.get('busy') ?? []).cpuMs / recordingOf('busy').hour.length;
console.log(formatCost({ quiet, busy, unit, heartbeatRows: bridge.sleep.heartbeatRows, viewers: VIEWERS, batchCpuMs }));
process.exit(0);

async function readRecording(name: string): Promise<Recording> {
  const bytes = await readFile(join(ROOT, 'bench/recordings', `${name}.jsonl.gz`));
  const recording = parseRecording(gunzipSync(bytes).toString());
  if (!recording.ok) throw new Error(`${name}: ${recording.error}`);
  return recording.value;
}

async function play(fanOut: FanOut): Promise<Played> {
  const state = join(folder, fanOut);
  const edge = await startCostEdge(fanOut, state);
  const replays = new Map<string, Replayed[]>();
  try {
    for (const [name, recording] of recordings) {
      for (const viewers of VIEWERS) {
        console.error(`${fanOut}: ${name}, ${viewers} viewers`);
        replays.set(name, [...(replays.get(name) ?? []), await replay(edge, recording, viewers)]);
      }
    }
    const requestCpuMs = await measureRequest(edge, REQUESTS_COUNT);
    const sleep = await measureSleep(edge, recordingOf('quiet'));
    await edge.stop();
    return { replays, stored: await readStored(state), requestCpuMs, sleep };
  } finally {
    await edge.stop();
  }
}

function hourOf(name: (typeof NAMES)[number]): MeasuredHour {
  const { hour } = recordingOf(name);
  const factsOf = ({ replays, stored }: Played): HourFacts => {
    const room = stored.get(`${name}-0`);
    if (room === undefined) throw new Error(`nothing is stored of ${name}`);
    return hourFactsOf(hour, replays.get(name) ?? [], room);
  };
  return {
    name,
    counts: countPosts(hour),
    facts: { bridge: factsOf(bridge), direct: factsOf(direct) },
    bytesPerViewer: eachOf(bridge.replays.get(name) ?? [], 'bytes'),
  };
}

function recordingOf(name: string): Recording {
  const recording = recordings.get(name);
  if (recording === undefined) throw new Error(`there is no recording ${name}`);
  return recording;
}
