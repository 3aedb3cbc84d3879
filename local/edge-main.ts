/**
 * The edge as a process of its own, for tests and benchmarks that kill it:
 *   node local/edge-main.ts --port 8790 --state DIR --var ADMIN_TOKEN=… --var VIEWER_ACCESS=open
 * `--build DIR`: what was built, when it is not in dist/. Prints `ready URL` when it answers. SIGTERM stops it.
 */
import { parseArgs } from 'node:util';
import { DIST } from './build.ts';
import { startEdge } from './edge.ts';

const { values } = parseArgs({
  options: {
    port: { type: 'string' },
    state: { type: 'string' },
    build: { type: 'string', default: DIST },
    var: { type: 'string', multiple: true, default: [] },
  },
});
if (values.port === undefined || values.state === undefined) {
  console.error('edge-main: --port and --state are needed');
  process.exit(2);
}
const vars = Object.fromEntries(values.var.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]));
const edge = await startEdge({ port: Number(values.port), buildDir: values.build, stateDir: values.state, vars });
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void edge.stop().then(() => process.exit(0)));
console.log(`ready ${edge.url}`);
