/**
 * The cookie of those who logged in (SPEC A4): what it says, in the open, and an HMAC-SHA-256 over that.
 *
 *   1.viewer..EXPIRES.MAC      1.share.ID.EXPIRES.MAC
 *
 * Nothing in it is secret but the MAC, and nothing of it is stored: the key comes from the Worker's two secrets.
 */
import { formatBase64Url, isSameHash } from './auth.ts';

/** What a login was good for. */
export type Pass =
  | { readonly kind: 'viewer'; readonly expiresAt: number }
  /** Looked up at every request, so that a revoked share is refused at once. */
  | { readonly kind: 'share'; readonly share: string; readonly expiresAt: number };

const FORM = /^(1\.(viewer|share)\.([0-9a-f]*)\.(\d{1,15}))\.([\w-]{43})$/;
/** Longer than any that this file writes. */
const MAX_VALUE_CHARS = 128;
const encoder = new TextEncoder();

/** A key for the MAC that changes with either secret, and from which neither can be had back. */
export async function deriveCookieKey(adminToken: string, viewerToken: string): Promise<CryptoKey> {
  // As JSON, so that no other two secrets are the same text.
  const secrets = encoder.encode(JSON.stringify([adminToken, viewerToken]));
  const material = await crypto.subtle.importKey('raw', secrets, 'HKDF', false, ['deriveKey']);
  const how = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(0), info: encoder.encode('hostview viewer cookie 1') };
  return crypto.subtle.deriveKey(how, material, { name: 'HMAC', hash: 'SHA-256', length: 256 }, false, ['sign']);
}

export async function formatPass(pass: Pass, key: CryptoKey): Promise<string> {
  const said = `1.${pass.kind}.${pass.kind === 'share' ? pass.share : ''}.${pass.expiresAt}`;
  return `${said}.${await formatMac(said, key)}`;
}

/** Null where it was not written with this key, is over, or is no pass at all. */
export async function parsePass(value: string, key: CryptoKey, now: number): Promise<Pass | null> {
  if (value.length > MAX_VALUE_CHARS) return null;
  const [, said = '', kind, share = '', expires, mac = ''] = FORM.exec(value) ?? [];
  if (kind === undefined || !isSameHash(mac, await formatMac(said, key))) return null;
  const expiresAt = Number(expires);
  if (now >= expiresAt) return null;
  return kind === 'share' ? { kind, share, expiresAt } : { kind: 'viewer', expiresAt };
}

const formatMac = async (said: string, key: CryptoKey): Promise<string> =>
  formatBase64Url(new Uint8Array(await crypto.subtle.sign('HMAC', key, encoder.encode(said))));

/** Browsers take `__Host-` only from this host, over https and for every path, so that no sister domain can plant one. */
const nameOf = (isSecure: boolean): string => (isSecure ? '__Host-hostview' : 'hostview');

const attributesOf = (isSecure: boolean): string => `Path=/; HttpOnly; SameSite=Strict${isSecure ? '; Secure' : ''}`;

export const formatSetCookie = (value: string, maxAgeSeconds: number, isSecure: boolean): string =>
  `${nameOf(isSecure)}=${value}; ${attributesOf(isSecure)}; Max-Age=${maxAgeSeconds}`;

export const formatClearCookie = (isSecure: boolean): string => formatSetCookie('', 0, isSecure);

/** Whether a Cookie header has any of the name, a good one or not. */
export const hasCookie = (header: string | null, isSecure: boolean): boolean => valuesIn(header, isSecure).length > 0;

/** The value in a Cookie header; null where there is none, or where there are several, of which one was planted. */
export function readCookie(header: string | null, isSecure: boolean): string | null {
  const [value = null, ...others] = valuesIn(header, isSecure);
  return others.length === 0 ? value : null;
}

function valuesIn(header: string | null, isSecure: boolean): string[] {
  const prefix = `${nameOf(isSecure)}=`;
  const parts = (header ?? '').split(';').map((part) => part.trim());
  return parts.filter((part) => part.startsWith(prefix)).map((part) => part.slice(prefix.length));
}
