/** Who may ask: the Host header, viewers, the administrator. Closed where nothing was chosen. */
import { hashToken, isSameHash, parseBearer } from './auth.ts';
import type { Refusal } from './problem.ts';

/** DNS rebinding: a page of another name that resolves to this address must not read it. `allowed` is a comma list; absent: any. */
export function refuseHost(host: string | null, allowed: string | undefined): Refusal | null {
  if (allowed === undefined) return null;
  const names = allowed.split(',').map((name) => name.trim().toLowerCase());
  if (host !== null && names.includes(host.toLowerCase())) return null;
  return { code: 'forbidden-host', detail: `Ask for it under one of its own names: ${names.join(', ')} (setting ALLOWED_HOSTS).` };
}

export function refuseViewer(access: string | undefined): Refusal | null {
  if (access === 'open') return null;
  const how = 'To let everybody who can reach this address look, deploy with --var VIEWER_ACCESS:open.';
  return {
    code: 'viewer-access-closed',
    detail:
      access === undefined ? `Nobody was given access yet. ${how}` : `VIEWER_ACCESS has a value that this version does not know. ${how}`,
  };
}

export async function refuseAdmin(authorization: string | null, adminToken: string | undefined): Promise<Refusal | null> {
  if (adminToken === undefined || adminToken === '') {
    return { code: 'admin-disabled', detail: 'Set the secret first: wrangler secret put ADMIN_TOKEN.' };
  }
  const token = parseBearer(authorization);
  if (token !== null && isSameHash(await hashToken(token), await hashToken(adminToken))) return null;
  return { code: 'unauthorized', detail: 'Send the admin token: Authorization: Bearer ADMIN_TOKEN.' };
}
