/** The real forwarder, in this process, with its own restricted user of a real API server, and an edge that listens to it. */

import { ok } from '../../core/result.ts';
import { type ForwarderOptions, type RunningForwarder, startForwarder } from '../../forwarder/forwarder.ts';
import { chooseContext, parseKubeConfig } from '../../forwarder/kubeconfig.ts';
import { createLog } from '../../forwarder/log.ts';
import { EdgeDouble, TOKEN } from '../forwarder/edge-double.ts';

export interface ForwarderUnderTest {
  readonly edge: EdgeDouble;
  readonly forwarder: RunningForwarder;
  /** Its log lines so far. */
  readonly lines: readonly string[];
  /** Resolves once the log has a line that contains the text. */
  untilLogged(text: string): Promise<void>;
  stop(): Promise<void>;
}

/** The defaults are the forwarder's own. */
export type ForwarderChoices = Pick<ForwarderOptions, 'clock' | 'random'>;

export async function runForwarder(kubeConfig: string, choices: ForwarderChoices = {}): Promise<ForwarderUnderTest> {
  const parsed = parseKubeConfig(kubeConfig, 'kubeconfig');
  if (!parsed.ok) throw new Error(parsed.error);
  const chosen = chooseContext(parsed.value, undefined, 'kubeconfig');
  if (!chosen.ok) throw new Error(chosen.error);
  const edge = await EdgeDouble.start();
  const lines: string[] = [];
  const waiting = new Set<() => void>();
  const write = (line: string): void => {
    lines.push(line);
    for (const look of [...waiting]) look();
  };
  const log = createLog({ level: 'info', format: 'text', write, now: () => new Date() });
  const forwarder = startForwarder({
    ...choices,
    edge: edge.url,
    cluster: 'harvester',
    kubeConfig: chosen.value,
    readToken: () => ok(TOKEN),
    log,
  });
  return {
    edge,
    forwarder,
    lines,
    untilLogged(text) {
      return new Promise((resolve) => {
        const look = (): void => {
          if (!lines.some((line) => line.includes(text))) return;
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        look();
      });
    },
    async stop() {
      await forwarder.stop();
      await edge.close();
    },
  };
}
