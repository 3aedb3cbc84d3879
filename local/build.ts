/** Builds what the edge serves: the page (vite) and the Worker, exactly as `wrangler deploy` would upload it. */
import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { killAtExit } from './children.ts';
import { ROOT } from './paths.ts';

/** Where `npm run build` puts them; wrangler.toml names its folder `web`. */
export const DIST = join(ROOT, 'dist');

/** Node's arguments. The program itself: bin/wrangler.js would only start it as a child, which outlives its parent's end by a signal. */
export const WRANGLER: readonly string[] = ['--no-warnings', join(ROOT, 'node_modules/wrangler/wrangler-dist/cli.js')];
export const WRANGLER_ENV: Readonly<Record<string, string>> = { WRANGLER_SEND_METRICS: 'false' };

/** The page into `folder`/web, the Worker's bundle into `folder`/worker. A folder of one's own is not emptied under a running edge. */
export async function build(folder: string = DIST): Promise<void> {
  // wrangler refuses to bundle when the assets' directory is missing.
  await mkdir(join(DIST, 'web'), { recursive: true });
  await Promise.all([buildPage(join(folder, 'web')), buildWorker(join(folder, 'worker'))]);
}

export function buildPage(folder: string): Promise<void> {
  const args = [join(ROOT, 'node_modules/vite/bin/vite.js'), 'build', '--outDir', folder, '--emptyOutDir', '--logLevel', 'warn'];
  // Whatever it says, such as vitest's `test`, would build a page for developers.
  return runTool('The page', args, { NODE_ENV: 'production' });
}

function buildWorker(folder: string): Promise<void> {
  const args = [...WRANGLER, 'deploy', '--dry-run', '--outdir', folder];
  return runTool('The Worker', args, { ...WRANGLER_ENV, CI: 'true' });
}

/** Throws with the tool's own words. */
async function runTool(what: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  try {
    const building = promisify(execFile)(process.execPath, args, { cwd: ROOT, env: { ...process.env, NO_COLOR: '1', ...env } });
    killAtExit(building.child);
    await building;
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    throw new Error(`${what} could not be built.\n${stdout}${stderr}`, { cause: error });
  }
}
