/**
 * The edge on this machine: the Worker and its Durable Objects in workerd, run by Miniflare. There is one truth about the Worker's
 * configuration, wrangler.toml; what is different here is passed as variables.
 */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare } from 'miniflare';
import { unstable_getMiniflareWorkerOptions, unstable_readConfig } from 'wrangler';
import { ROOT } from './paths.ts';

export interface EdgeOptions {
  readonly port: number;
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** What was built (local/build.ts): the folder with web/ and worker/ in it. */
  readonly buildDir: string;
  /** Where the Durable Objects' state is kept. */
  readonly stateDir: string;
  /** Variables and secrets of the Worker, over those of wrangler.toml. */
  readonly vars: Readonly<Record<string, string>>;
}

export interface Edge {
  readonly url: string;
  stop(): Promise<void>;
}

/** Resolves when the edge answers. */
export async function startEdge({ port, host = '127.0.0.1', buildDir, stateDir, vars }: EdgeOptions): Promise<Edge> {
  const config = join(ROOT, 'wrangler.toml');
  const { name = 'hostview' } = unstable_readConfig({ config });
  const { workerOptions } = unstable_getMiniflareWorkerOptions(config, undefined, {
    overrides: { assets: { directory: join(buildDir, 'web') } },
  });
  const contents = await readFile(join(buildDir, 'worker/worker.js'), 'utf8');
  const keepSignals = keepSignalListeners();
  const miniflare = new Miniflare({
    ...convertV4MiniflareOptions({
      host,
      port,
      // Miniflare would fetch a sample of `request.cf` from the internet.
      cf: false,
      log: new Log(LogLevel.ERROR),
      resourcePersistencePath: stateDir,
      workers: [
        {
          ...workerOptions,
          name,
          bindings: { ...(workerOptions.bindings as Record<string, string>), ...vars },
          modules: [{ type: 'ESModule', path: 'worker.js', contents }],
        },
      ],
    }),
    logRequests: false,
  });
  keepSignals();
  const url = await miniflare.ready;
  return { url: `http://${host}:${url.port}`, stop: () => miniflare.dispose() };
}

/**
 * Miniflare ends the process at the first SIGINT or SIGTERM, before anybody else could stop what they started. The function that
 * this returns takes away the listeners that were added since; whoever starts the edge stops it.
 */
function keepSignalListeners(): () => void {
  const signals = ['SIGINT', 'SIGTERM'] as const;
  const before = new Map(signals.map((signal) => [signal, new Set(process.listeners(signal))]));
  return () => {
    for (const signal of signals) {
      for (const listener of process.listeners(signal))
        if (before.get(signal)?.has(listener) !== true) process.removeListener(signal, listener);
    }
  };
}
