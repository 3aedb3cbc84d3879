/** A token bucket: how many requests may come at once, and how many a second in the long run. Pure; lost with the memory it is in, full again. */

export interface Bucket {
  readonly tokens: number;
  /** When they were counted, in milliseconds. */
  readonly at: number;
}

export interface Rate {
  readonly burst: number;
  readonly perSecond: number;
}

export const fullBucket = ({ burst }: Rate, now: number): Bucket => ({ tokens: burst, at: now });

/** `retryAfterS`: null where the request may pass, else after how many whole seconds the next one may. A clock that is set back adds nothing. */
export function takeToken(bucket: Bucket, { burst, perSecond }: Rate, now: number): { bucket: Bucket; retryAfterS: number | null } {
  const elapsedS = Math.max(0, now - bucket.at) / 1_000;
  const tokens = Math.min(burst, bucket.tokens + elapsedS * perSecond);
  if (tokens >= 1) return { bucket: { tokens: tokens - 1, at: now }, retryAfterS: null };
  return { bucket: { tokens, at: now }, retryAfterS: Math.ceil((1 - tokens) / perSecond) };
}
