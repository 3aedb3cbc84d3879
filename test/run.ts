/**
 * `npm test`: every lane, one after another, and one closing line `N passed, N failed`.
 *
 *   types · lint · unit · worker (in workerd) · scenarios (forwarder, edge and stream) · apiserver (a real kube-apiserver) · browser (Chromium)
 *
 * In a test of workerd, of servers or of the browser, what did not come in time is tried once more; where it comes then, it is named with its failure.
 * A lane whose program is missing is skipped, with a word on how to get it; with CI=true that is a failure.
 * `node test/run.ts unit worker` runs only those. `--long` tries the properties a hundred times as often: tens of minutes.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromiumPath } from './support/chromium-path.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const BIN = join(ROOT, 'node_modules/.bin');

interface Lane {
  readonly name: string;
  /** Commands, run in order until one fails. */
  readonly commands: readonly (readonly [program: string, ...args: string[]])[];
  /** The vitest project whose tests are counted; a lane without one counts as one test. */
  readonly project?: string;
  /** What is missing and how to get it, or null. */
  readonly missing?: () => string | null;
}

const wranglerTypes = ['wrangler', 'types', 'worker/worker-configuration.d.ts'] as const;
const LANES: readonly Lane[] = [
  { name: 'types', commands: [wranglerTypes, ['tsc', '--build']] },
  { name: 'lint', commands: [['biome', 'check', '.']] },
  { name: 'unit', commands: [], project: 'unit' },
  { name: 'worker', commands: [], project: 'worker' },
  { name: 'scenarios', commands: [], project: 'scenarios' },
  { name: 'apiserver', commands: [], project: 'apiserver', missing: missingApiServer },
  { name: 'browser', commands: [], project: 'browser', missing: missingChromium },
];

interface Count {
  passed: number;
  failed: number;
  skipped: number;
  /** Of those that passed: which ones failed before (vitest.config.ts). */
  unsteady?: readonly string[];
}

/** What of Vitest's JSON report is read. */
interface Report {
  readonly numPassedTests?: number;
  readonly numFailedTests?: number;
  readonly numPendingTests?: number;
  readonly numTodoTests?: number;
  readonly testResults: readonly {
    readonly assertionResults: readonly {
      readonly fullName: string;
      readonly status: string;
      readonly failureMessages: readonly string[];
    }[];
  }[];
}

const asked = process.argv.slice(2).filter((arg) => arg !== '--long');
if (process.argv.includes('--long')) process.env.HOSTVIEW_LONG = '1';
const unknown = asked.filter((name) => !LANES.some((lane) => lane.name === name));
if (unknown.length > 0) {
  console.error(`There is no lane ${unknown.join(', ')}. Lanes: ${LANES.map(({ name }) => name).join(', ')}`);
  process.exit(2);
}

const total: Count = { passed: 0, failed: 0, skipped: 0 };
const summary: string[] = [];
for (const lane of LANES) {
  if (asked.length > 0 && !asked.includes(lane.name)) continue;
  const begun = Date.now();
  const count = await runLane(lane);
  total.passed += count.passed;
  total.failed += count.failed;
  total.skipped += count.skipped;
  const seconds = ((Date.now() - begun) / 1_000).toFixed(0);
  const unsteady = count.unsteady ?? [];
  summary.push(
    `  ${lane.name.padEnd(10)} ${String(count.passed).padStart(5)} passed ${String(count.failed).padStart(4)} failed${count.skipped > 0 ? ` ${count.skipped} skipped` : ''}  ${seconds} s`,
    ...unsteady.map((name) => `             passed at the second attempt only, its failure is printed above: ${name}`),
  );
}
console.log(
  `\n${summary.join('\n')}\n\n${total.passed} passed, ${total.failed} failed${total.skipped > 0 ? `, ${total.skipped} skipped` : ''}`,
);
process.exit(total.failed > 0 ? 1 : 0);

async function runLane(lane: Lane): Promise<Count> {
  console.log(`\n── ${lane.name}`);
  const missing = lane.missing?.() ?? null;
  if (missing !== null) {
    if (process.env.CI === 'true') {
      console.error(`The lane ${lane.name} cannot run: ${missing}`);
      return { passed: 0, failed: 1, skipped: 0 };
    }
    console.log(`Skipped: ${missing}`);
    return { passed: 0, failed: 0, skipped: 1 };
  }
  for (const [program, ...args] of lane.commands) {
    if ((await run(program, args)) !== 0) return { passed: 0, failed: 1, skipped: 0 };
  }
  return lane.project === undefined ? { passed: 1, failed: 0, skipped: 0 } : runProject(lane.project);
}

async function runProject(project: string): Promise<Count> {
  const folder = await mkdtemp(join(tmpdir(), 'hostview-test-'));
  const report = join(folder, 'report.json');
  try {
    const code = await run('vitest', ['run', '--project', project, '--reporter=default', '--reporter=json', `--outputFile.json=${report}`]);
    return await countTests(report, code);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** An exit code that is not zero counts as a failure even where every test passed, such as an error outside of any test. */
async function countTests(report: string, code: number): Promise<Count> {
  if (!existsSync(report)) return { passed: 0, failed: 1, skipped: 0 };
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults } = JSON.parse(
    await readFile(report, 'utf8'),
  ) as Report;
  const unsteady = testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ status, failureMessages }) => status === 'passed' && failureMessages.length > 0);
  for (const { fullName, failureMessages } of unsteady) {
    console.error(`\nFailed once: ${fullName}\n${failureMessages.join('\n')}`);
  }
  const failed = numFailedTests ?? 0;
  return {
    passed: numPassedTests ?? 0,
    failed: failed === 0 && (code !== 0 || (numPassedTests ?? 0) === 0) ? 1 : failed,
    skipped: (numPendingTests ?? 0) + (numTodoTests ?? 0),
    unsteady: unsteady.map(({ fullName }) => fullName),
  };
}

function run(program: string, args: readonly string[]): Promise<number> {
  const env = { ...process.env, PATH: `${BIN}${delimiter}${process.env.PATH ?? ''}`, WRANGLER_SEND_METRICS: 'false' };
  return new Promise((resolve, reject) => {
    const child = spawn(join(BIN, program), args, { cwd: ROOT, env, stdio: 'inherit' });
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

function missingApiServer(): string | null {
  const folder = process.env.KUBEBUILDER_ASSETS;
  const how = 'Get them with `setup-envtest use` and set KUBEBUILDER_ASSETS to the folder it prints.';
  if (folder === undefined || folder === '') return `it needs kube-apiserver and etcd. ${how}`;
  const absent = ['kube-apiserver', 'etcd'].filter((program) => !existsSync(join(folder, program)));
  return absent.length === 0 ? null : `${absent.join(' and ')} not found in KUBEBUILDER_ASSETS (${folder}). ${how}`;
}

function missingChromium(): string | null {
  return chromiumPath() === null ? 'it needs Chromium. Install it (Debian: apt-get install chromium), or set CHROMIUM to its path.' : null;
}
