/** `npm run build`: the page into dist/web, the Worker's bundle into dist/worker. */
import { build } from './build.ts';

await build();
