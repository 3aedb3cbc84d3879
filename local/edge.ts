/**
 * The edge on this machine: the Worker and its Durable Objects in workerd, run by Miniflare. There is one truth about the Worker's
 * configuration, wrangler.toml; what is different here is passed as variables.
 */

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare } from 'miniflare';
import { unstable_getMiniflareWorkerOptions, unstable_readConfig } from 'wrangler';
import { ROOT } from './paths.ts';
import { bindWorkerd } from './workerd-path.ts';

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
  /** An address at which this machine reaches it. */
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
  const modules = await readModules(join(buildDir, 'worker'));
  bindWorkerd();
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
          // Here, what wrangler.toml says of Cloudflare's network would be what any caller writes.
          bindings: { ...(workerOptions.bindings as Record<string, string>), CLIENT_ADDRESS_HEADER: '', ...vars },
          modules,
        },
      ],
    }),
    logRequests: false,
  });
  keepSignals();
  const url = await miniflare.ready;
  return { url: `http://${reachable(host)}:${url.port}`, stop: () => miniflare.dispose() };
}

/** Every address is listened on, not asked. An IPv6 address stands in brackets. */
function reachable(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return host.includes(':') ? `[${host}]` : host;
}

/** The bundle, and beside it what `[[rules]]` in wrangler.toml keeps as text. */
async function readModules(folder: string) {
  const texts = (await readdir(folder)).filter((name) => name.endsWith('.yaml'));
  const read = (path: string): Promise<string> => readFile(join(folder, path), 'utf8');
  return [
    { type: 'ESModule' as const, path: 'worker.js', contents: await read('worker.js') },
    ...(await Promise.all(texts.map(async (path) => ({ type: 'Text' as const, path, contents: await read(path) })))),
  ];
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
