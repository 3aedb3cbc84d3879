/** `npm run clean`: deletes the local state and what was built. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT } from './paths.ts';

for (const folder of ['.hostview', 'dist']) await rm(join(ROOT, folder), { recursive: true, force: true });
console.log('Deleted .hostview/ and dist/.');
