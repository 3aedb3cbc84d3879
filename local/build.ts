/** Builds what the edge serves: the page (vite) and the Worker, exactly as `wrangler deploy` would upload it. */
import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'vite';
import { killAtExit } from './children.ts';
import { ROOT } from './paths.ts';

/** The page, in dist/web. */
export async function buildPage(): Promise<void> {
  await build({ configFile: join(ROOT, 'vite.config.ts'), root: join(ROOT, 'web'), logLevel: 'warn' });
}

/** The Worker's bundle, dist/worker/worker.js. Throws with wrangler's own words. */
export async function buildWorker(): Promise<void> {
  // wrangler refuses to bundle when the assets' directory is missing.
  await mkdir(join(ROOT, 'dist/web'), { recursive: true });
  // The program itself: bin/wrangler.js would only start it as a child, which outlives its parent's end by a signal.
  const wrangler = join(ROOT, 'node_modules/wrangler/wrangler-dist/cli.js');
  const args = ['--no-warnings', wrangler, 'deploy', '--dry-run', '--outdir', join(ROOT, 'dist/worker')];
  try {
    const building = promisify(execFile)(process.execPath, args, {
      cwd: ROOT,
      env: { ...process.env, WRANGLER_SEND_METRICS: 'false', CI: 'true', NO_COLOR: '1' },
    });
    killAtExit(building.child);
    await building;
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    throw new Error(`The Worker could not be built.\n${stdout}${stderr}`, { cause: error });
  }
}
