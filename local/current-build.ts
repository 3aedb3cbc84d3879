/** What was built, as long as it is newer than all that it was built from; else a new build. */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { build, DIST } from './build.ts';
import { ROOT } from './paths.ts';

/** Of a build: the folder, and when its older half was written; null where it is not whole. Milliseconds. */
export interface Built {
  readonly folder: string;
  readonly builtAt: number | null;
}

/** The first that is not older than its sources. Pure. */
export const chooseBuild = (sourcesAt: number, candidates: readonly Built[]): string | null =>
  candidates.find(({ builtAt }) => builtAt !== null && builtAt >= sourcesAt)?.folder ?? null;

const SOURCES = ['core', 'web', 'worker', 'deploy/forwarder', 'wrangler.toml', 'vite.config.ts', 'package-lock.json'];

/** The folder to serve from: dist/ or `own` where they are current; else builds into `own`, which no other run empties. */
export async function ensureBuild(own: string, say: (line: string) => void): Promise<string> {
  const sourcesAt = Math.max(...SOURCES.map((path) => newestIn(join(ROOT, path))));
  const current = chooseBuild(
    sourcesAt,
    [DIST, own].map((folder) => ({ folder, builtAt: builtAt(folder) })),
  );
  if (current !== null) return current;
  say('Building the page and the worker …');
  await build(own);
  return own;
}

export const isBuilt = (folder: string): boolean => builtAt(folder) !== null;

function builtAt(folder: string): number | null {
  const times = ['web/index.html', 'worker/worker.js'].map((file) => statSync(join(folder, file), { throwIfNoEntry: false })?.mtimeMs);
  return times.every((time) => time !== undefined) ? Math.min(...times) : null;
}

/** Folders count too: what was deleted changed its folder. One that is not there (an image without sources) is not newer than anything. */
function newestIn(path: string): number {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) return 0;
  if (!found.isDirectory()) return found.mtimeMs;
  return readdirSync(path).reduce((newest, name) => Math.max(newest, newestIn(join(path, name))), found.mtimeMs);
}
