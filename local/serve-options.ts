/** The options of `npm run serve`, and what it passes to the Worker. Pure: what is wrong comes back as a sentence. */
import { parseArgs } from 'node:util';
import { err, ok, type Result } from '../core/result.ts';
import { explainArgsError, MAX_PORT, parseNumber } from '../simulator/option-numbers.ts';
import { adviseOn, formatSettings, type Settings } from './settings.ts';

export interface ServeOptions {
  /** The address that is listened on. */
  readonly host: string;
  readonly port: number;
  readonly state: string;
  /** What `npm run build` made, taken as it is; null: dist/ where it is current, else a build of its own. */
  readonly build: string | null;
}

const DEFAULTS: ServeOptions = { host: '127.0.0.1', port: 8787, state: 'hostview-state', build: null };

export const SERVE_HELP = `The edge on a machine of your own: the worker with its Durable Objects, and the page. Forwarders and browsers connect to it.

  npm run serve [-- --host ADDRESS] [--port N] [--state DIR] [--build DIR]

  --host ADDRESS  the address that is listened on (${DEFAULTS.host}; 0.0.0.0 is every one)
  --port N        the port (${DEFAULTS.port})
  --state DIR     where everything is kept (./${DEFAULTS.state})
  --build DIR     serves what was built into DIR, as it is (dist, built again where it is older than its sources)
  --help          this text

Settings are taken from the environment; of a secret, NAME_FILE may name a file that has it:

${formatSettings()}

Here FAN_OUT is direct unless it says bridge, and CLIENT_ADDRESS_HEADER none: behind a proxy, name the header that it writes (x-real-ip).
On a loopback address ALLOWED_HOSTS is that address and the host of PUBLIC_URL unless it says otherwise; * is any.

Browsers open at most six connections to an HTTP/1.1 server: put an HTTP/2 proxy with TLS in front (deploy/edge.md).`;

const OPTIONS = {
  host: { type: 'string' },
  port: { type: 'string' },
  state: { type: 'string' },
  build: { type: 'string' },
  help: { type: 'boolean' },
} as const;

export function parseServeOptions(args: readonly string[]): Result<ServeOptions | 'help'> {
  let values: { host?: string; port?: string; state?: string; build?: string; help?: boolean };
  try {
    ({ values } = parseArgs({ args: [...args], options: OPTIONS, strict: true, allowPositionals: false }));
  } catch (error) {
    return err(`${explainArgsError(error)} See: npm run serve -- --help`);
  }
  if (values.help === true) return ok('help');
  const port = parseNumber({ name: 'port', fallback: DEFAULTS.port, least: 1, most: MAX_PORT }, values.port);
  if (!port.ok) return port;
  const { host = DEFAULTS.host, state = DEFAULTS.state, build = DEFAULTS.build } = values;
  if (host.trim() === '' || /[\s/]/.test(host)) return err('--host takes an address or a name, without scheme or port.');
  if (state.trim() === '') return err('--state takes a folder.');
  return ok({ host: host.replace(/^\[(.*)\]$/, '$1'), port: port.value, state, build });
}

/** Where wrangler.toml's are a deployment's: nothing here sleeps to save money, and whoever connects writes what headers he likes. */
const OWN_DEFAULTS = { FAN_OUT: 'direct', CLIENT_ADDRESS_HEADER: '' } as const satisfies Settings;

/** The Worker's variables. What cannot be meant is an error; what is merely missing is advised on. */
export function planVars({ host, port }: ServeOptions, settings: Settings): Result<Readonly<Record<string, string>>> {
  const publicHost = hostOf(settings.PUBLIC_URL);
  if (!publicHost.ok) return publicHost;
  const { ALLOWED_HOSTS, ...rest } = settings;
  const allowed = ALLOWED_HOSTS ?? (isLoopback(host) ? ownHosts(host, port, publicHost.value).join(',') : '*');
  return ok({ ...OWN_DEFAULTS, ...rest, ...(allowed.trim() !== '*' && { ALLOWED_HOSTS: allowed }) });
}

/** A page of another name that resolves to a loopback address must not read what is open to this machine alone. */
function ownHosts(host: string, port: number, publicHost: string | null): readonly string[] {
  const names = ['localhost', '127.0.0.1', '[::1]', host.includes(':') ? `[${host}]` : host];
  return [...new Set([...names.map((name) => `${name}:${port}`), ...(publicHost === null ? [] : [publicHost])])];
}

function hostOf(publicUrl: string | undefined): Result<string | null> {
  if (publicUrl === undefined) return ok(null);
  const url = URL.canParse(publicUrl) ? new URL(publicUrl) : null;
  if (url === null || !['http:', 'https:'].includes(url.protocol)) return err('PUBLIC_URL takes an http or https address.');
  return ok(url.host);
}

export const isLoopback = (host: string): boolean => host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);

/** What is said when it answers. `url`: where this machine reaches it; `state`: the whole path. */
export function formatServing(
  { host, port }: ServeOptions,
  vars: Readonly<Record<string, string>>,
  { url, state }: { readonly url: string; readonly state: string },
): string {
  const lines = [
    `Hostview serves ${url}${isLoopback(host) ? ' (this machine only)' : `, on port ${port} of ${host}`}`,
    `State: ${state}`,
    `Answered Host headers: ${vars.ALLOWED_HOSTS ?? 'any (ALLOWED_HOSTS is not set)'}`,
    ...advise(vars),
  ];
  return `${lines.join('\n')}\nCtrl-C or SIGTERM stops it.`;
}

/** The Worker's words name how a deployment is set. */
function advise(settings: Settings): readonly string[] {
  const lines = adviseOn(settings);
  return lines.length === 0 ? lines : [...lines, 'Here settings are environment variables: npm run serve -- --help'];
}
