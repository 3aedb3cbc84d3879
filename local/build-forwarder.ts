/** `npm run build:forwarder [-- FOLDER]`: the forwarder as one file without dependencies, dist/forwarder/hostview-forwarder.js. */
import { join } from 'node:path';
import { build } from 'vite';
import { DIST } from './build.ts';
import { ROOT } from './paths.ts';

export const FORWARDER_FILE = 'hostview-forwarder.js';

/** What undici asks for. */
const TARGET = 'node22.19';

/** Writes the file into `folder`, which is emptied first; answers its path. */
export async function buildForwarder(folder: string = join(DIST, 'forwarder')): Promise<string> {
  await build({
    configFile: false,
    root: ROOT,
    logLevel: 'warn',
    // Whatever the machine says: libraries ask for it.
    mode: 'production',
    publicDir: false,
    ssr: { target: 'node', noExternal: true },
    build: {
      ssr: 'forwarder/main.ts',
      target: TARGET,
      outDir: folder,
      emptyOutDir: true,
      minify: false,
      rolldownOptions: {
        // Only its kubeconfig is used; its hundreds of API models would be a third of the file.
        treeshake: { moduleSideEffects: (id) => !id.includes('/@kubernetes/client-node/') },
        output: { format: 'es', entryFileNames: FORWARDER_FILE, codeSplitting: false },
      },
    },
  });
  return join(folder, FORWARDER_FILE);
}

if (import.meta.main) process.stdout.write(`${await buildForwarder(process.argv[2])}\n`);
