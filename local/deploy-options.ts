/** The options of `npm run deploy`, and what it says before it does anything. Pure. */
import { parseArgs } from 'node:util';
import { err, ok, type Result } from '../core/result.ts';
import { explainArgsError } from '../simulator/option-numbers.ts';
import { adviseOn, formatSettings, parseVars, SETTINGS, type SettingName, type Settings } from './settings.ts';

export interface DeployOptions {
  readonly isDryRun: boolean;
  /** Whether variables of an earlier deployment that are not named now are kept. */
  readonly keepsVars: boolean;
  /** The Worker's name, where it is not wrangler.toml's. */
  readonly name: string | null;
  /** A host name of one's own zone. */
  readonly domain: string | null;
  readonly vars: Settings;
}

export const DEPLOY_HELP = `Deploys the edge to Cloudflare Workers: builds the page and the worker, says what is missing, uploads.

  npm run deploy -- [--var NAME=VALUE …] [--keep-vars] [--name NAME] [--domain HOST] [--dry-run]

  --var NAME=VALUE  a setting; what an earlier deployment had set and this one does not name is unset
  --keep-vars       keeps it
  --name NAME       the Worker's name (hostview)
  --domain HOST     a host name in a zone of the account, instead of workers.dev
  --dry-run         all but the upload; needs no account
  --help            this text

It needs a Cloudflare account: \`npx wrangler login\`, or CLOUDFLARE_API_TOKEN in the environment (and CLOUDFLARE_ACCOUNT_ID where the token
is for several). Secrets are taken from the environment (NAME, or NAME_FILE with a file's name) and uploaded with the deployment; those
that are set already stay.

${formatSettings()}`;

const OPTIONS = {
  var: { type: 'string', multiple: true },
  'keep-vars': { type: 'boolean' },
  name: { type: 'string' },
  domain: { type: 'string' },
  'dry-run': { type: 'boolean' },
  help: { type: 'boolean' },
} as const;

export function parseDeployOptions(args: readonly string[]): Result<DeployOptions | 'help'> {
  let values: { var?: string[]; 'keep-vars'?: boolean; name?: string; domain?: string; 'dry-run'?: boolean; help?: boolean };
  try {
    ({ values } = parseArgs({ args: [...args], options: OPTIONS, strict: true, allowPositionals: false }));
  } catch (error) {
    return err(`${explainArgsError(error)} See: npm run deploy -- --help`);
  }
  if (values.help === true) return ok('help');
  const vars = parseVars(values.var ?? []);
  if (!vars.ok) return vars;
  const { name = null, domain = null } = values;
  if (name !== null && !/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(name))
    return err('--name takes lower-case letters, digits and hyphens, at most 63.');
  if (domain !== null && !/^[a-z0-9.-]+\.[a-z]+$/i.test(domain)) return err('--domain takes a host name, without scheme or path.');
  const [isDryRun, keepsVars] = [values['dry-run'] === true, values['keep-vars'] === true];
  return ok({ isDryRun, keepsVars, name, domain, vars: vars.value });
}

/** What is known before the upload. */
export interface Findings {
  /** null where nobody asked: a dry run. */
  readonly isSignedIn: boolean | null;
  /** Secrets that this command brings. */
  readonly secrets: Settings;
  /** Names of those that the Worker has already, as far as is known. */
  readonly present: readonly string[];
}

export interface Verdict {
  readonly lines: readonly string[];
  readonly mayGoOn: boolean;
}

/** What it needs, what of that is there, and how to get the rest. A deployment without secrets is a closed one, not an error. */
export function judge({ vars, keepsVars, isDryRun }: DeployOptions, { isSignedIn, secrets, present }: Findings): Verdict {
  const account =
    isSignedIn === null
      ? 'not needed for a dry run'
      : isSignedIn
        ? 'signed in'
        : 'MISSING: npx wrangler login, or set CLOUDFLARE_API_TOKEN';
  const lines = ['This deployment:', `  Cloudflare account  ${account}`];
  const needed = SETTINGS.filter(({ name, isSecret }) => (isSecret ? isWanted(name, vars, secrets) : vars[name] !== undefined));
  for (const { name, isSecret } of needed)
    lines.push(`  ${name.padEnd(18)}  ${isSecret ? describeSecret(name, secrets, present) : vars[name]}`);
  if (isSignedIn === false) return { lines, mayGoOn: false };
  if (!isDryRun && !keepsVars) lines.push('Variables of an earlier deployment that are not named here are unset (--keep-vars keeps them).');
  // What is stored cannot be read; something of its length stands for it. With --keep-vars nobody knows what holds.
  const stored = Object.fromEntries(present.map((name) => [name, `a stored secret, ${name}`]));
  if (!keepsVars) lines.push(...adviseOn({ ...stored, ...vars, ...secrets }));
  return { lines, mayGoOn: true };
}

/** VIEWER_TOKEN means nothing without the choice that it belongs to. */
const isWanted = (name: SettingName, vars: Settings, secrets: Settings): boolean =>
  name !== 'VIEWER_TOKEN' || vars.VIEWER_ACCESS === 'token' || secrets.VIEWER_TOKEN !== undefined;

function describeSecret(name: SettingName, secrets: Settings, present: readonly string[]): string {
  if (secrets[name] !== undefined) return 'given, is uploaded as a secret';
  if (present.includes(name)) return 'set already';
  return `not given; unless it is set already: export ${name}=$(openssl rand -hex 32), keep it, and deploy again`;
}

/** wrangler's arguments. `folder`: where web/ was built, and worker/ is; `secretsFile`: where the secrets are, as JSON. */
export function wranglerArgs(
  { isDryRun, keepsVars, name, domain, vars }: DeployOptions,
  folder: string,
  secretsFile: string | null,
): readonly string[] {
  const args = ['deploy', '--outdir', `${folder}/worker`, '--assets', `${folder}/web`];
  if (isDryRun) args.push('--dry-run');
  if (keepsVars) args.push('--keep-vars');
  if (name !== null) args.push('--name', name);
  if (domain !== null) args.push('--domain', domain);
  if (secretsFile !== null) args.push('--secrets-file', secretsFile);
  for (const [setting, value] of Object.entries(vars)) args.push('--var', `${setting}:${value}`);
  return args;
}
