/** Child processes of tests: started in a group of their own, so that killing one takes its children along. */
import { type ChildProcess, spawn } from 'node:child_process';

export interface TestProcess {
  readonly child: ChildProcess;
  /** All that was printed so far, both streams. */
  readonly output: () => string;
  /** Resolves with the match once the output has it; rejects when the process ends first. */
  waitFor(pattern: RegExp): Promise<RegExpExecArray>;
  /** Resolves with the exit code, or the signal's name. */
  readonly exited: Promise<number | NodeJS.Signals>;
  /** Signals the whole group. */
  kill(signal: NodeJS.Signals): void;
  /** SIGTERM, then SIGKILL; resolves when it is gone. */
  stop(): Promise<void>;
}

const KILL_AFTER_MS = 5_000;

/** What must not outlive the tests where one of them could not stop it. */
const living = new Set<(signal: NodeJS.Signals) => void>();
process.on('exit', () => {
  for (const kill of living) kill('SIGKILL');
});

export function startProcess(
  program: string,
  args: readonly string[],
  options: { env?: NodeJS.ProcessEnv; cwd?: string } = {},
): TestProcess {
  const child = spawn(program, args, { ...options, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const listeners = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8');
    stream.on('data', (chunk: string) => {
      output += chunk;
      for (const listener of listeners) listener();
    });
  }
  let isGone = false;
  const exited = new Promise<number | NodeJS.Signals>((resolve) => {
    child.once('error', (error) => {
      output += String(error);
      isGone = true;
      resolve(127);
    });
    child.once('close', (code, signal) => {
      isGone = true;
      resolve(code ?? signal ?? 'SIGKILL');
    });
  });
  const kill = (signal: NodeJS.Signals): void => {
    if (child.pid === undefined) return;
    try {
      process.kill(-child.pid, signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  };
  living.add(kill);
  void exited.then(() => living.delete(kill));
  return {
    child,
    output: () => output,
    exited,
    kill,
    waitFor: (pattern) =>
      new Promise((resolve, reject) => {
        const look = (): boolean => {
          const match = pattern.exec(output);
          if (match === null) return false;
          listeners.delete(look);
          resolve(match);
          return true;
        };
        if (look()) return;
        listeners.add(look);
        void exited.then((code) => {
          if (!look()) reject(new Error(`${program} ${args.join(' ')} ended (${code}) before it printed ${pattern}:\n${output}`));
        });
      }),
    stop: async () => {
      if (isGone) return;
      kill('SIGTERM');
      const timer = setTimeout(() => kill('SIGKILL'), KILL_AFTER_MS);
      await exited;
      clearTimeout(timer);
    },
  };
}
