/** What the settings say about who may look, and administer (SPEC A1). Closed where nothing was chosen, or where what was chosen lacks something. Pure. */
import { MIN_SECRET_CHARS } from '../core/limits.ts';
import type { Refusal } from './problem.ts';

export interface ViewerSettings {
  readonly VIEWER_ACCESS?: string;
  readonly VIEWER_TOKEN?: string;
  readonly ADMIN_TOKEN?: string;
  readonly ACCESS_TEAM_DOMAIN?: string;
  readonly ACCESS_AUD?: string;
}

export type ViewerMode =
  | { readonly kind: 'open' }
  | { readonly kind: 'token'; readonly viewerToken: string }
  /** `team` is an origin, `https://TEAM.cloudflareaccess.com`: the issuer of the assertions. */
  | { readonly kind: 'cloudflare-access'; readonly team: string; readonly audience: string }
  | { readonly kind: 'closed'; readonly refusal: Refusal };

export function viewerModeOf(settings: ViewerSettings): ViewerMode {
  switch (settings.VIEWER_ACCESS) {
    case 'open':
      return { kind: 'open' };
    case 'token':
      return tokenMode(settings);
    case 'cloudflare-access':
      return accessMode(settings);
    case undefined:
      return closed(`Nobody was given access yet. ${HOW_TO_OPEN}`);
    default:
      return closed(`VIEWER_ACCESS has a value that this version does not know. ${HOW_TO_OPEN}`);
  }
}

const HOW_TO_OPEN =
  'The setting VIEWER_ACCESS says who may look: open, everybody who can reach this address; token, who has one (npm run deploy -- --var VIEWER_ACCESS=token, or the environment of npm run serve).';

const closed = (detail: string): ViewerMode => ({ kind: 'closed', refusal: { code: 'viewer-access-closed', detail } });

/** Why nobody can administer; null where ADMIN_TOKEN will do. Whoever has a login's cookie can test guesses of it at home, so a short one will not. */
export function refuseAdminToken({ ADMIN_TOKEN = '' }: ViewerSettings): Refusal | null {
  if (ADMIN_TOKEN.length >= MIN_SECRET_CHARS) return null;
  const lack = ADMIN_TOKEN === '' ? 'is not set' : 'is too short';
  return {
    code: 'admin-disabled',
    detail: `ADMIN_TOKEN ${lack}: at least ${MIN_SECRET_CHARS} random characters, as openssl rand -hex 32 makes them.`,
  };
}

function tokenMode({ VIEWER_TOKEN: viewerToken = '', ADMIN_TOKEN }: ViewerSettings): ViewerMode {
  if (viewerToken.length < MIN_SECRET_CHARS) {
    const lack = viewerToken === '' ? 'is not set' : 'is too short';
    return closed(
      `VIEWER_ACCESS is token, and VIEWER_TOKEN ${lack}: at least ${MIN_SECRET_CHARS} random characters, as openssl rand -hex 32 makes them.`,
    );
  }
  // Else every viewer would be an administrator.
  if (viewerToken === ADMIN_TOKEN) return closed('VIEWER_TOKEN and ADMIN_TOKEN are the same: choose another VIEWER_TOKEN.');
  return { kind: 'token', viewerToken };
}

function accessMode({ ACCESS_TEAM_DOMAIN = '', ACCESS_AUD = '' }: ViewerSettings): ViewerMode {
  const missing = [ACCESS_TEAM_DOMAIN === '' && 'ACCESS_TEAM_DOMAIN', ACCESS_AUD === '' && 'ACCESS_AUD'].filter((name) => name !== false);
  if (missing.length > 0) return closed(`VIEWER_ACCESS is cloudflare-access, and not set: ${missing.join(', ')}.`);
  const team = parseTeam(ACCESS_TEAM_DOMAIN);
  if (team === null) return closed('ACCESS_TEAM_DOMAIN must be https://TEAM.cloudflareaccess.com, without a path.');
  return { kind: 'cloudflare-access', team, audience: ACCESS_AUD };
}

/** The origin; keys that anybody on the way could exchange are none, so http is for this machine only. */
function parseTeam(text: string): string | null {
  const url = URL.parse(text.includes('://') ? text : `https://${text}`);
  if (url === null || url.pathname !== '/' || url.search !== '' || url.hash !== '' || url.username !== '' || url.password !== '')
    return null;
  const isLoopback = ['127.0.0.1', '[::1]', 'localhost'].includes(url.hostname);
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback) ? url.origin : null;
}
