/**
 * Pages of other origins: none, unless CORS_ORIGINS names them. Those may read, with a bearer token where one is needed, and never with a
 * cookie; nothing is ever allowed to everybody.
 */
import { cors } from 'hono/cors';

/** The origins of a comma list. What is no origin, `*` and `null` above all, counts for nothing. */
export function parseOrigins(setting: string | undefined): readonly string[] {
  const named = (setting ?? '').split(',').map((origin) => origin.trim());
  return named.filter((origin) => /^https?:\/\/(\[[\da-f:]+\]|[a-z\d.-]+)(:\d+)?$/.test(origin) && URL.parse(origin)?.origin === origin);
}

const MAX_AGE_S = 600;

/** Null where no origin is allowed: then the answers do not even mention it. */
export function corsFor(setting: string | undefined): ReturnType<typeof cors> | null {
  const origins = parseOrigins(setting);
  if (origins.length === 0) return null;
  return cors({
    origin: [...origins],
    allowMethods: ['GET'],
    allowHeaders: ['authorization', 'if-none-match', 'last-event-id', 'x-request-id', 'x-hostview-drift'],
    exposeHeaders: ['etag', 'retry-after', 'x-hostview-last-heard', 'x-hostview-now', 'x-request-id'],
    maxAge: MAX_AGE_S,
  });
}
