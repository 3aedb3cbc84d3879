/**
 * `npm run serve`: the edge for those who host it themselves. Ctrl-C or SIGTERM stops it.
 *
 * What can be refused is refused here, at once: the builders and Miniflare take seconds to load.
 */
import { resolve } from 'node:path';
import { isBuilt } from './current-build.ts';
import { EXIT_BAD_SETTINGS } from './exit-codes.ts';
import { isPortTaken } from './port.ts';
import { readSecrets } from './secrets.ts';
import { parseServeOptions, planVars, SERVE_HELP, type ServeOptions } from './serve-options.ts';
import { settingsOf } from './settings.ts';
import { lockState, type StateLock } from './state-lock.ts';

const parsed = parseServeOptions(process.argv.slice(2));
if (!parsed.ok) fail(parsed.error, EXIT_BAD_SETTINGS);
else if (parsed.value === 'help') console.log(SERVE_HELP);
else {
  const { state, build } = parsed.value;
  await serve({ ...parsed.value, state: resolve(state), build: build === null ? null : resolve(build) });
}

async function serve(options: ServeOptions): Promise<void> {
  const secrets = readSecrets(process.env);
  if (!secrets.ok) return fail(secrets.error, EXIT_BAD_SETTINGS);
  const vars = planVars(options, { ...settingsOf(process.env), ...secrets.value });
  if (!vars.ok) return fail(vars.error, EXIT_BAD_SETTINGS);
  if (options.build !== null && !isBuilt(options.build))
    return fail(`Nothing was built into ${options.build}. Do it: npm run build`, EXIT_BAD_SETTINGS);
  const lock = takeLock(options.state);
  const { host, port } = options;
  const taken = await isPortTaken(port, host).catch((error: Error) =>
    fail(`${host} port ${port} cannot be listened on: ${error.message}`, 1),
  );
  if (taken) return fail(`Port ${port} is taken. Choose another one: npm run serve -- --port N`, 1);
  const { runServe } = await import('./serve-run.ts');
  await runServe(options, vars.value, lock);
}

function takeLock(state: string): StateLock {
  try {
    const lock = lockState(state);
    return lock.ok ? lock.value : fail(lock.error, 1);
  } catch (error) {
    return fail(`The state folder ${state} cannot be used: ${(error as Error).message}`, 1);
  }
}

function fail(message: string, code: number): never {
  console.error(message);
  process.exit(code);
}
