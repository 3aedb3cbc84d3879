/**
 * Everything that can be set of an edge, once: `npm run deploy` and `npm run serve` take these and explain them. What the Worker makes of
 * them is in worker/env.d.ts, which a test holds against this list. Pure.
 */
import { err, ok, type Result } from '../core/result.ts';
import { refuseAdminToken, viewerModeOf } from '../worker/viewer-mode.ts';

export interface Setting {
  readonly name: string;
  /** Never shown, never an argument (those are visible to every user of a machine), never a variable that a dashboard shows. */
  readonly isSecret: boolean;
  readonly text: string;
}

const plain = (name: string, text: string): Setting => ({ name, isSecret: false, text });
const secret = (name: string, text: string): Setting => ({ name, isSecret: true, text });

export const SETTINGS = [
  secret('ADMIN_TOKEN', 'the bearer token of the administrative routes, at least 16 characters; absent: they are switched off'),
  plain('VIEWER_ACCESS', 'who may look: open, token or cloudflare-access; absent: nobody'),
  secret('VIEWER_TOKEN', 'with VIEWER_ACCESS=token: what viewers enter, at least 16 characters'),
  plain('ACCESS_TEAM_DOMAIN', 'with cloudflare-access: https://TEAM.cloudflareaccess.com'),
  plain('ACCESS_AUD', 'with cloudflare-access: the audience tag of the application'),
  plain('PUBLIC_URL', 'the URL under which clusters and browsers reach it (https://hostview.example.org); absent: that of the request'),
  plain('ALLOWED_HOSTS', 'comma list of the Host headers that are answered (DNS rebinding); absent: any'),
  plain('FORWARDER_IMAGE', 'the forwarder’s image that the install manifest names; absent: there is no manifest'),
  plain('RETENTION_DAYS', 'how many days of the past are kept (7)'),
  plain('RETENTION_MB', 'how many MB of it a cluster keeps at most (64)'),
  plain('CORS_ORIGINS', 'comma list of the origins whose pages may read the API; absent: none'),
  plain('LOG_REQUESTS', 'all: every request is logged; absent: refusals and errors only'),
  plain(
    'CLIENT_ADDRESS_HEADER',
    'the header in which a proxy in front says from where a request comes (x-real-ip): each address has its own tries',
  ),
  plain('FAN_OUT', 'who holds the viewers’ streams: bridge (the room sleeps between frames) or direct (faster on one machine)'),
] as const satisfies readonly Setting[];

export type SettingName = (typeof SETTINGS)[number]['name'];
export type Settings = Readonly<Partial<Record<SettingName, string>>>;

const known: ReadonlyMap<string, Setting> = new Map(SETTINGS.map((setting) => [setting.name, setting]));

/** The settings in an environment. An empty variable is one that is not set: that is how compose files and units leave one out. */
export function settingsOf(env: Readonly<Record<string, string | undefined>>): Settings {
  const found = SETTINGS.map(({ name }) => [name, env[name]] as const).filter(([, value]) => value !== undefined && value.trim() !== '');
  return Object.fromEntries(found) as Settings;
}

/** Of the secrets, the files that have them: `NAME_FILE`, as containers and service managers hand them out. */
export function secretFilesOf(
  env: Readonly<Record<string, string | undefined>>,
): readonly { readonly name: string; readonly file: string }[] {
  return SETTINGS.filter(({ isSecret }) => isSecret).flatMap(({ name }) => {
    const file = env[`${name}_FILE`];
    return file === undefined || file === '' ? [] : [{ name, file }];
  });
}

/** `NAME=VALUE` (or wrangler's `NAME:VALUE`) arguments. A secret is refused, and not repeated. */
export function parseVars(pairs: readonly string[]): Result<Settings> {
  const settings: Record<string, string> = {};
  for (const pair of pairs) {
    const [, name, value] = /^([A-Z][A-Z0-9_]*)[=:](.*)$/s.exec(pair) ?? [];
    if (name === undefined || value === undefined) return err('--var takes NAME=VALUE.');
    const setting = known.get(name);
    if (setting === undefined) return err(`There is no setting ${name}. There are: ${[...known.keys()].join(', ')}.`);
    if (setting.isSecret)
      return err(`${name} is a secret: put it into the environment, not into the arguments, which every user of this machine can read.`);
    settings[name] = value;
  }
  return ok(settings);
}

/** For `--help`: one line each. */
export function formatSettings(settings: readonly Setting[] = SETTINGS): string {
  const width = Math.max(...settings.map(({ name }) => name.length)) + 2;
  return settings.map(({ name, isSecret, text }) => `  ${name.padEnd(width)}${isSecret ? 'secret: ' : ''}${text}`).join('\n');
}

/** What somebody should know about this choice before it runs; the Worker's own words where it has them. */
export function adviseOn(settings: Settings): readonly string[] {
  const disabled = refuseAdminToken(settings);
  const admin = disabled === null ? [] : [`Administration is off: ${disabled.detail} Without it no cluster can be added.`];
  const mode = viewerModeOf(settings);
  return mode.kind === 'closed' ? [...admin, `Viewing is closed. ${mode.refusal.detail}`] : admin;
}
