/** Under which URL this edge is reached from outside. It is written into commands and manifests, so it is held to plain characters. Pure. */
import { err, ok, type Result } from '../core/result.ts';
import type { Refusal } from './problem.ts';

const PLAIN_HOST = /^([a-z0-9.-]+|\[[0-9a-f:.]+\])$/;

/** `publicUrl` is the setting PUBLIC_URL, which wins; else the origin under which the request came. */
export function readOrigin(publicUrl: string | undefined, requestUrl: string): Result<string, Refusal> {
  const isSet = publicUrl !== undefined && publicUrl !== '';
  const url = parseUrl(isSet ? publicUrl : requestUrl);
  const isPlain = url !== null && ['http:', 'https:'].includes(url.protocol) && PLAIN_HOST.test(url.hostname);
  if (isPlain && (!isSet || isOriginOnly(url))) return ok(url.origin);
  const detail = isSet
    ? 'PUBLIC_URL must be like https://hostview.example.com: a scheme, a name, perhaps a port, and nothing else.'
    : 'Ask under a plain host name, or set PUBLIC_URL.';
  return err({ code: 'invalid', detail });
}

/** Nothing but scheme, name and port: the edge has its addresses at the root. */
const isOriginOnly = (url: URL): boolean => url.href === `${url.origin}/`;

const parseUrl = (text: string): URL | null => (URL.canParse(text) ? new URL(text) : null);
