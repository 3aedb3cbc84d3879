/**
 * `npm run bench:cost`: what a cluster costs on Cloudflare. Recorded hours (bench/recordings, made by cost-record.ts) are played to the
 * real Worker in workerd, with either fan-out; its own counters say what is billed by the row, and the rest is counted in the recording or
 * bounded by a measurement here. Times the published prices; the tables are those of docs/cost.md. Some four minutes. Needs Linux.
 */
import { rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { HEARTBEAT_INTERVAL_MS, LOG_RETENTION_BYTES, LOG_RETENTION_MS, MAX_MIGRATIONS_COUNT, REPORT_INTERVAL_MS } from '../core/limits.ts';
import { ROOT } from '../local/paths.ts';
import { setup as build } from '../test/support/build.ts';
import { makeFolder } from '../test/support/folder.ts';
import { readStored, type StoredRoom, startCostEdge } from './cost-edge.ts';
import type { FanOut, HourFacts, UnitFacts } from './cost-model.ts';
import { countMerged, countPosts, countWakes, heldMs, parseRecording, type Recording } from './cost-recording.ts';
import { measureRequest, measureSleep, type Replayed, replay, type SleepFacts } from './cost-replay.ts';
import { formatCost, type MeasuredHour } from './cost-report.ts';
import { quantile } from './statistics.ts';

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
const MS_PER_S = 1_000;
const GIGABYTE = 1e9;

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
const recordings = new Map(await Promise.all(NAMES.map(async (name) => [name, await readRecording(name)] as const)));
// Side by side: most of what is measured is counted, and the rest an upper bound.
const [bridge, direct] = await Promise.all([play('bridge'), play('direct')]);
const unit = unitsOf(bridge);
const [quiet, busy] = [hourOf('quiet'), hourOf('busy')];
const machine = `${cpus().length} × ${cpus()[0]?.model}, Node ${process.versions.node}, load average before: ${loadBefore.toFixed(1)}`;
console.log(`${new Date().toISOString().slice(0, 10)}, ${machine}\n`);
const busyAlone = replayed(bridge, 'busy', 0);
const batchCpuMs = busyAlone.cpuMs / (recordings.get('busy')?.hour.length ?? 1);
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
    const quietHour = recordings.get('quiet');
    if (quietHour === undefined) throw new Error('there is no quiet hour');
    const sleep = await measureSleep(edge, quietHour);
    await edge.stop();
    return { replays, stored: await readStored(state), requestCpuMs, sleep };
  } finally {
    await edge.stop();
  }
}

function replayed({ replays }: Played, name: string, viewers: number): Replayed {
  const found = replays.get(name)?.find((one) => one.viewers === viewers);
  if (found === undefined) throw new Error(`${name} was not played with ${viewers} viewers`);
  return found;
}

function unitsOf(played: Played): UnitFacts {
  const { sleep, requestCpuMs, replays } = played;
  const most = Math.max(...VIEWERS);
  const [none, all] = [replayed(played, 'busy', 0), replayed(played, 'busy', most)];
  const opened = [...replays.values()].flat().flatMap(({ openedMs }) => openedMs);
  return {
    wakeRows: sleep.wakeRows,
    snapshotRows: sleep.snapshotRows,
    connectRows: sleep.connectRows,
    snapshotSeconds: sleep.snapshotMs / MS_PER_S,
    connectSeconds: (opened.length === 0 ? sleep.connectMs : quantile(opened, 0.5)) / MS_PER_S,
    requestCpuMs,
    deliveryCpuMs: all.events === 0 ? 0 : Math.max(0, all.cpuMs - none.cpuMs) / all.events,
  };
}

function hourOf(name: (typeof NAMES)[number]): MeasuredHour {
  const recording = recordings.get(name);
  if (recording === undefined) throw new Error(`there is no recording ${name}`);
  const counts = countPosts(recording.hour);
  const most = replayed(bridge, name, Math.max(...VIEWERS));
  return {
    name,
    counts,
    facts: { bridge: factsOf(bridge, name, recording), direct: factsOf(direct, name, recording) },
    bytesPerViewer: most.viewers === 0 ? 0 : most.bytes / most.viewers,
  };
}

function factsOf(played: Played, name: string, { hour }: Recording): HourFacts {
  const all = played.replays.get(name) ?? [];
  const alone = replayed(played, name, 0);
  // What is written does not depend on who looks, nor on how: else this benchmark does not measure what it says.
  for (const { viewers, rowsWritten } of all) {
    if (rowsWritten !== alone.rowsWritten)
      throw new Error(`${name} wrote ${rowsWritten} rows with ${viewers} viewers, ${alone.rowsWritten} without`);
  }
  const most = all.reduce((one, other) => (other.viewers > one.viewers ? other : one), alone);
  const stored = played.stored.get(`${name}-0`);
  if (stored === undefined) throw new Error(`nothing is stored of ${name}`);
  const times = hour.map(({ at }) => at);
  const batchTimes = hour.flatMap(({ at, path }) => (path === 'batches' ? [at] : []));
  const { changes, heartbeats, progress } = countPosts(hour);
  return {
    batches: changes + heartbeats,
    progress,
    rowsRead: Math.max(...all.map(({ rowsRead }) => rowsRead)),
    rowsWritten: alone.rowsWritten,
    // A segment and a checkpoint are the sync's.
    rowsPruned: stored.segments - 1 + (stored.checkpoints - 1) + stored.migrations,
    wakes: countWakes(times, HEARTBEAT_INTERVAL_MS),
    reports: countMerged(batchTimes, REPORT_INTERVAL_MS),
    events: most.viewers === 0 ? 0 : most.events / most.viewers,
    storedGb: storedGbOf(stored),
    handlerSeconds: new Map(all.map(({ viewers, handlerSeconds }) => [viewers, handlerSeconds])),
    warmSeconds: heldMs(times, HEARTBEAT_INTERVAL_MS) / MS_PER_S,
  };
}

/** The log grows until it is too old or too large, and finished migrations until there are too many; a kilobyte each is plenty. */
function storedGbOf({ logBytes, otherBytes, migrations }: StoredRoom): number {
  const hours = LOG_RETENTION_MS / 3_600_000;
  const ends = Math.min(migrations * hours, MAX_MIGRATIONS_COUNT) * 1_024;
  return (Math.min(logBytes * hours, LOG_RETENTION_BYTES) + otherBytes + ends) / GIGABYTE;
}
