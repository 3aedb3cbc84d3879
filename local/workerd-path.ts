/** Makes Miniflare start workerd through local/workerd.sh, so that it ends with this process, however that ends. */
import { accessSync, constants } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { ROOT } from './paths.ts';

const SCRIPT = join(ROOT, 'local/workerd.sh');

/** Miniflare reads the variable at each start of workerd, and passes the environment on. A path that somebody chose stays. */
export function bindWorkerd(env: NodeJS.ProcessEnv = process.env): void {
  if (env.MINIFLARE_WORKERD_PATH !== undefined || !isExecutable(SCRIPT)) return;
  const { default: workerd } = createRequire(import.meta.resolve('miniflare'))('workerd') as { readonly default: string };
  env.HOSTVIEW_WORKERD = workerd;
  env.MINIFLARE_WORKERD_PATH = SCRIPT;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
