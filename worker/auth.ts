/** Bearer tokens: 32 random bytes, of which only the SHA-256 is kept, compared in constant time. */

const TOKEN_BYTES = 32;

export const newToken = (random: (bytes: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer>): string =>
  formatBase64Url(random(new Uint8Array(TOKEN_BYTES)));

export const formatBase64Url = (bytes: Uint8Array): string =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');

export const formatHex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

/** Whether a text can be one that {@link newToken} made: nothing else needs looking up. */
export const isTokenShaped = (text: string): boolean => /^[\w-]{43}$/.test(text);

/** The token of an Authorization header; null where there is none. */
export function parseBearer(header: string | null): string | null {
  return /^Bearer +([\w~+/.=-]+) *$/i.exec(header ?? '')?.[1] ?? null;
}

/** SHA-256 in hexadecimal digits. */
export async function hashToken(token: string): Promise<string> {
  return formatHex(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(token))));
}

/** Hashes as {@link hashToken} writes them, or MACs: of one kind all have one length, and timingSafeEqual throws where lengths differ. */
export const isSameHash = (a: string, b: string): boolean =>
  a.length === b.length && crypto.subtle.timingSafeEqual(new TextEncoder().encode(a), new TextEncoder().encode(b));

export interface TokenHashes {
  /** Empty where there is none: no token hashes to that. */
  readonly current: string;
  /** Handed out, and not used yet; its first use replaces `current`. */
  readonly next: string | null;
}

export const NO_TOKENS: TokenHashes = { current: '', next: null };

/** The slots after a request with that token; null where it is refused. */
export function admitToken(hashes: TokenHashes, hash: string): TokenHashes | null {
  const isNext = hashes.next !== null && isSameHash(hashes.next, hash);
  if (isNext) return { current: hash, next: null };
  return isSameHash(hashes.current, hash) ? hashes : null;
}
