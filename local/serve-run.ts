/** The run behind `npm run serve`: builds where it has to, runs the edge, and ends when the edge does. */
import { join } from 'node:path';
import { ensureBuild } from './current-build.ts';
import { type Edge, startEdge } from './edge.ts';
import { formatServing, type ServeOptions } from './serve-options.ts';
import type { StateLock } from './state-lock.ts';

const HEALTH_INTERVAL_MS = 5_000;
const HEALTH_TIMEOUT_MS = 5_000;
/** A service manager starts it again; one answer that is late is no reason to. */
const DEAD_AFTER_FAILURES_COUNT = 3;

/** Resolves when it serves; signals end the process. */
export async function runServe(options: ServeOptions, vars: Readonly<Record<string, string>>, lock: StateLock): Promise<void> {
  let edge: Edge | null = null;
  let isStopping = false;
  const stop = async (code: number, message: string): Promise<never> => {
    if (isStopping) process.exit(code);
    isStopping = true;
    console[code === 0 ? 'log' : 'error'](message);
    await edge?.stop().catch((error: unknown) => console.error(`While stopping: ${String(error)}`));
    lock.release();
    process.exit(code);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void stop(0, 'Stopping …'));

  const { host, port, state, build } = options;
  try {
    const buildDir = build ?? (await ensureBuild(join(state, 'build'), console.log));
    edge = await startEdge({ host, port, buildDir, stateDir: join(state, 'objects'), vars });
  } catch (error) {
    // What fails because it is being stopped is no failure.
    if (!isStopping) await stop(1, error instanceof Error ? error.message : String(error));
    return;
  }
  console.log(formatServing(options, vars, { url: edge.url, state }));
  watchHealth(edge.url, () => void stop(1, 'The edge does not answer any more.'));
}

/** Miniflare starts workerd again when it has ended; this is for when that is of no use. Any answer will do: the Host header may be refused. */
function watchHealth(url: string, dead: () => void): void {
  let failures = 0;
  setInterval(async () => {
    try {
      await (await fetch(`${url}/healthz`, { signal: AbortSignal.timeout(HEALTH_TIMEOUT_MS) })).body?.cancel();
      failures = 0;
    } catch {
      failures += 1;
      if (failures === DEAD_AFTER_FAILURES_COUNT) dead();
    }
  }, HEALTH_INTERVAL_MS);
}
