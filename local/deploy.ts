/** `npm run deploy`: says what a deployment needs, builds, and has wrangler upload it. */
import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { buildPage, DIST, WRANGLER, WRANGLER_ENV } from './build.ts';
import { killAtExit } from './children.ts';
import { DEPLOY_HELP, type DeployOptions, judge, parseDeployOptions, wranglerArgs } from './deploy-options.ts';
import { EXIT_BAD_SETTINGS } from './exit-codes.ts';
import { ROOT } from './paths.ts';
import { readSecrets } from './secrets.ts';
import type { Settings } from './settings.ts';

const QUERY_TIMEOUT_MS = 30_000;
const environment: NodeJS.ProcessEnv = { ...process.env, ...WRANGLER_ENV };

// Whatever this run leaves in temporary folders is deleted when it exits, which a signal alone would not let it do.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => process.exit(1));

const parsed = parseDeployOptions(process.argv.slice(2));
if (!parsed.ok) fail(parsed.error, EXIT_BAD_SETTINGS);
else if (parsed.value === 'help') console.log(DEPLOY_HELP);
else await deploy(parsed.value);

async function deploy(options: DeployOptions): Promise<void> {
  const secrets = readSecrets(process.env);
  if (!secrets.ok) return fail(secrets.error, EXIT_BAD_SETTINGS);
  const isSignedIn = options.isDryRun ? null : await isAccountKnown();
  const named = options.name === null ? [] : ['--name', options.name];
  const present = isSignedIn === true ? namesIn(await query(['secret', 'list', ...named])) : [];
  const { lines, mayGoOn } = judge(options, { isSignedIn, secrets: secrets.value, present });
  console.log(lines.join('\n'));
  if (!mayGoOn) return fail('Nothing was built or uploaded.', 1);
  // A dry run must not empty what a running edge serves.
  const folder = options.isDryRun ? passingFolder() : DIST;
  await buildPage(join(folder, 'web'));
  process.exitCode = await runWrangler(wranglerArgs(options, folder, writeSecrets(secrets.value)));
}

/** An API token may lack the right to say whose it is; the upload tells what is wrong with it. */
async function isAccountKnown(): Promise<boolean> {
  return process.env.CLOUDFLARE_API_TOKEN !== undefined || (await query(['whoami', '--json'])) !== null;
}

/** A file that only this user can read, and that is gone when this process is; null where there are none. */
function writeSecrets(secrets: Settings): string | null {
  if (Object.keys(secrets).length === 0) return null;
  const file = join(passingFolder(), 'secrets.json');
  writeFileSync(file, JSON.stringify(secrets), { mode: 0o600 });
  return file;
}

/** For this run. */
function passingFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'hostview-deploy-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Its answer; null where it has none: not signed in, no such Worker, no connection. */
async function query(args: readonly string[]): Promise<string | null> {
  try {
    const asking = promisify(execFile)(process.execPath, [...WRANGLER, ...args], {
      cwd: ROOT,
      env: environment,
      timeout: QUERY_TIMEOUT_MS,
    });
    killAtExit(asking.child);
    return (await asking).stdout;
  } catch {
    return null;
  }
}

/** A Worker that is not there yet has no answer and no secrets. */
function namesIn(json: string | null): readonly string[] {
  return json === null ? [] : (JSON.parse(json) as { readonly name: string }[]).map(({ name }) => name);
}

/** With the terminal, for it may have to ask which account. */
function runWrangler(args: readonly string[]): Promise<number> {
  const child = killAtExit(spawn(process.execPath, [...WRANGLER, ...args], { cwd: ROOT, env: environment, stdio: 'inherit' }));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

function fail(message: string, code: number): never {
  console.error(message);
  process.exit(code);
}
