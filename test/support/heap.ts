/** How much of this process's heap is in use once all garbage is collected. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Bytes. Twice, since what was only weakly held is let go by the first; in between, what waits for a turn has it. */
export async function heapInUse(): Promise<number> {
  for (let time = 0; time < 2; time++) {
    collect();
    await new Promise((resolve) => setImmediate(resolve));
  }
  return process.memoryUsage().heapUsed;
}
