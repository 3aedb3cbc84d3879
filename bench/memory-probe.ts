/** Loaded before a program that is measured (`node --expose-gc --import`): SIGUSR2 makes it collect its garbage and say what is left. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
let count = 0;

process.on('SIGUSR2', () => {
  // Twice: what was only weakly held is let go by the first.
  collect();
  collect();
  const { heapUsed, heapTotal, external, rss } = process.memoryUsage();
  count += 1;
  process.stdout.write(`memory ${count} ${JSON.stringify({ heapUsed, heapTotal, external, rss })}\n`);
});
