/**
 * `npm start`: the whole of Hostview on this machine. Ctrl-C stops all of it.
 *
 * What can be refused is refused here, at once: the builders and Miniflare take seconds to load.
 */
import { access } from 'node:fs/promises';
import { EXIT_BAD_SETTINGS, HELP, parseStartOptions, type StartOptions } from './options.ts';
import { isPortTaken } from './port.ts';

const parsed = parseStartOptions(process.argv.slice(2));
if (!parsed.ok) fail(parsed.error, EXIT_BAD_SETTINGS);
else if (parsed.value === 'help') console.log(HELP);
else {
  await check(parsed.value);
  const { run } = await import('./run.ts');
  await run(parsed.value);
}

async function check({ port, real }: StartOptions): Promise<void> {
  if (await isPortTaken(port))
    fail(`Port ${port} is taken. Choose another one: npm start -- --port ${port === 65_535 ? 8787 : port + 1}`, 1);
  if (real === null) return;
  await access(real.kubeconfig).catch((error: NodeJS.ErrnoException) => {
    const why = error.code === 'ENOENT' ? 'there is no such file' : error.message;
    fail(`The kubeconfig ${real.kubeconfig} cannot be read: ${why}`, EXIT_BAD_SETTINGS);
  });
}

function fail(message: string, code: number): never {
  console.error(message);
  process.exit(code);
}
