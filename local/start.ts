/**
 * `npm start`: the whole of Hostview on this machine. Ctrl-C stops all of it.
 *
 * What can be refused is refused here, at once: the builders and Miniflare take seconds to load.
 */
import { readFile } from 'node:fs/promises';
import { MAX_PORT } from '../simulator/option-numbers.ts';
import { formatScenarios } from '../simulator/scenario-choice.ts';
import { EXIT_BAD_SETTINGS } from './exit-codes.ts';
import { selectContext } from './kubeconfig-context.ts';
import { HELP, parseStartOptions, type StartOptions } from './options.ts';
import { isPortTaken } from './port.ts';

const parsed = parseStartOptions(process.argv.slice(2));
if (!parsed.ok) fail(parsed.error, EXIT_BAD_SETTINGS);
else if (parsed.value === 'help') console.log(HELP);
else if (parsed.value === 'list-scenarios') console.log(formatScenarios());
else {
  const context = await check(parsed.value);
  const { run } = await import('./run.ts');
  await run(parsed.value, context);
}

/** The kubeconfig's context that is meant; null where clusters are simulated. */
async function check({ port, real }: StartOptions): Promise<string | null> {
  const elsewhere = `Choose another one: npm start -- --port ${port === MAX_PORT || port < 1_024 ? 8787 : port + 1}`;
  const taken = await isPortTaken(port).catch((error: Error) =>
    fail(`Port ${port} cannot be listened on (${error.message}). ${elsewhere}`, 1),
  );
  if (taken) fail(`Port ${port} is taken. ${elsewhere}`, 1);
  if (real === null) return null;
  const text = await readFile(real.kubeconfig, 'utf8').catch((error: NodeJS.ErrnoException) => {
    const why = error.code === 'ENOENT' ? 'there is no such file' : error.message;
    return fail(`The kubeconfig ${real.kubeconfig} cannot be read: ${why}`, EXIT_BAD_SETTINGS);
  });
  const context = selectContext(text, real.context);
  return context.ok ? context.value : fail(`${real.kubeconfig}: ${context.error}`, EXIT_BAD_SETTINGS);
}

function fail(message: string, code: number): never {
  console.error(message);
  process.exit(code);
}
