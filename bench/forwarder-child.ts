/** A program that the forwarder's benchmark measures, as a process of its own: the forwarder, or its peer. */
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT } from '../local/paths.ts';
import { TOKEN } from '../test/forwarder/edge-double.ts';
import { makeFolder, removeFolder } from '../test/support/folder.ts';
import { startProcess, type TestProcess } from '../test/support/processes.ts';
import { readUsage, type Usage } from './process-usage.ts';

export interface MeasuredChild {
  readonly process: TestProcess;
  /** Waits for something that cannot come once the program has ended. */
  until<Value>(work: Promise<Value>, what: string): Promise<Value>;
  usage(): Promise<Usage>;
  /** Bytes of its heap that are in use once all garbage is collected. */
  heapBytes(): Promise<number>;
  stop(): Promise<void>;
}

const PROBE = join(ROOT, 'bench/memory-probe.ts');

/** `program`: its forwarder/main.ts, or the built one. */
export const startForwarderChild = (program: string, edgeUrl: string, kubeconfig: string): Promise<MeasuredChild> =>
  startChild(kubeconfig, (file) => [program, '--edge', edgeUrl, '--cluster', 'harvester', '--kubeconfig', file], {
    HOSTVIEW_TOKEN: TOKEN,
    NODE_OPTIONS: deployedNodeOptions(),
  });

/** What the Deployment gives Node. */
function deployedNodeOptions(): string {
  const manifest = readFileSync(join(ROOT, 'deploy/forwarder/deployment.yaml'), 'utf8');
  const options = /name: NODE_OPTIONS\n\s+value: (.*)$/m.exec(manifest)?.[1];
  if (options === undefined) throw new Error('deploy/forwarder/deployment.yaml gives no NODE_OPTIONS');
  return options;
}

/** The four kinds in client-node's informers; prints `listed`. */
export const startPeerChild = (kubeconfig: string): Promise<MeasuredChild> =>
  startChild(kubeconfig, (file) => [join(ROOT, 'bench/informer-peer.ts'), file]);

async function startChild(
  kubeconfig: string,
  argsFor: (file: string) => readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<MeasuredChild> {
  const folder = await makeFolder('bench');
  const file = join(folder, 'kubeconfig');
  await writeFile(file, kubeconfig, { mode: 0o600 });
  const child = startProcess(process.execPath, ['--import', PROBE, ...argsFor(file)], { env: { ...process.env, ...environment } });
  const { pid } = child.child;
  if (pid === undefined) throw new Error(`${argsFor(file).join(' ')} did not start: ${child.output()}`);
  let asked = 0;
  return {
    process: child,
    until: (work, what) =>
      Promise.race([
        work,
        child.exited.then((code) => {
          throw new Error(`the program ended (${code}) before ${what}:\n${child.output()}`);
        }),
      ]),
    usage: () => readUsage(pid),
    async heapBytes() {
      asked += 1;
      process.kill(pid, 'SIGUSR2');
      const [, json = '{}'] = await child.waitFor(new RegExp(`^memory ${asked} (.*)$`, 'm'));
      return (JSON.parse(json) as { heapUsed: number }).heapUsed;
    },
    async stop() {
      await child.stop();
      await removeFolder(folder);
    },
  };
}
