/** The forwarder as a process of its own: exactly the program that runs in a cluster, with the same settings. */
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { boundCommand } from './bound-process.ts';
import { killAtExit } from './children.ts';
import { ROOT } from './paths.ts';

export interface ForwarderProcessOptions {
  readonly edge: string;
  readonly cluster: string;
  readonly token: string;
  readonly kubeconfig: string;
  readonly context?: string | null;
  /** Whether it asks virt-handlers how far migrations are; those of a real cluster can be reached from inside it only. */
  readonly progress: boolean;
  /** The keys of the labels that it tells of VMs; null leaves that to HOSTVIEW_VM_LABELS. */
  readonly vmLabels: readonly string[] | null;
  /** Called for each line of its log. */
  readonly log: (line: string) => void;
  /** Called when it ended though nobody stopped it. */
  readonly ended: (code: number | null) => void;
}

export interface ForwarderProcess {
  readonly pid: number | undefined;
  /** SIGTERM, and SIGKILL when that is not enough. Resolves when the process is gone. */
  stop(): Promise<void>;
}

const KILL_AFTER_MS = 3_000;

export function startForwarderProcess(options: ForwarderProcessOptions): ForwarderProcess {
  const args = ['--edge', options.edge, '--cluster', options.cluster, '--kubeconfig', options.kubeconfig];
  if (options.context != null) args.push('--context', options.context);
  if (options.progress) args.push('--progress');
  if (options.vmLabels !== null) args.push('--vm-labels', options.vmLabels.join());
  const child = spawn(...boundCommand(process.execPath, [join(ROOT, 'forwarder/main.ts'), ...args]), {
    // The token is not an argument: those are visible to every user of the machine.
    env: { ...process.env, HOSTVIEW_TOKEN: options.token },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  killAtExit(child);
  for (const stream of [child.stdout, child.stderr]) eachLine(stream, options.log);
  let isStopping = false;
  child.once('exit', (code) => {
    if (!isStopping) options.ended(code);
  });
  return {
    pid: child.pid,
    stop: () => {
      isStopping = true;
      return stopProcess(child);
    },
  };
}

function stopProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(() => child.kill('SIGKILL'), KILL_AFTER_MS);
    child.once('exit', () => {
      clearTimeout(timer);
      resolve();
    });
    child.kill('SIGTERM');
  });
}

function eachLine(stream: NodeJS.ReadableStream, log: (line: string) => void): void {
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) log(line);
  });
  stream.on('end', () => {
    if (rest !== '') log(rest);
  });
}
