/** `npm run build`: the page into dist/web, the Worker's bundle into dist/worker. */
import { buildPage, buildWorker } from './build.ts';

await buildPage();
await buildWorker();
