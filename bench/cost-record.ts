/** `node bench/cost-record.ts`: makes the recordings that `npm run bench:cost` plays. The same seed gives the same hour. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { ROOT } from '../local/paths.ts';
import { type HourPlan, recordHour } from './cost-hour.ts';
import { countPosts, formatRecording } from './cost-recording.ts';

const NEVER_MS = 24 * 3_600_000;
const MINUTE_MS = 60_000;
const CLUSTER = { hosts: 5, vms: 100, seed: 1 };

/** Kubelets and virt-handlers report in both, which says nothing new and is not posted. */
const PLANS: readonly HourPlan[] = [
  {
    ...CLUSTER,
    name: 'quiet',
    life: {
      firstMoveMs: 10 * MINUTE_MS,
      moveEveryMs: 25 * MINUTE_MS,
      powerEveryMs: 20 * MINUTE_MS,
      firstMaintenanceMs: NEVER_MS,
    },
  },
  // The demonstration's pace: a VM moves every ten seconds, another is started or stopped every 35; after ten minutes a host is emptied.
  { ...CLUSTER, name: 'busy', life: { firstMaintenanceMs: 10 * MINUTE_MS, maintenanceEveryMs: NEVER_MS } },
];

const folder = join(ROOT, 'bench/recordings');
await mkdir(folder, { recursive: true });
for (const plan of PLANS) {
  const recording = await recordHour(plan);
  const text = formatRecording(recording);
  const bytes = gzipSync(text, { level: 9 });
  await writeFile(join(folder, `${plan.name}.jsonl.gz`), bytes);
  console.log(plan.name, countPosts(recording.hour), `${Buffer.byteLength(text)} bytes, ${bytes.length} compressed`);
}
