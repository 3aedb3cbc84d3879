/**
 * How many secrets may be guessed (SPEC A8). What counts is a guess: a text that this isolate has not looked at yet. One that was good stays
 * good, and one that was wrong says nothing new, so neither who holds a token nor a script with an old one is ever held back or uses
 * anything up. Each caller has a budget, and all of them one together; while that is spent, a caller still has one guess of its own, so that
 * many who guess cannot lock out those who know. Where callers cannot be told apart, all are one.
 *
 * Per isolate and in memory: a count in the Fleet would let strangers keep awake, and hold up, the one object that everybody needs.
 */
import { type Bucket, fullBucket, type Rate, takeToken } from './rate.ts';

export const CALLER_RATE: Rate = { burst: 10, perSecond: 10 / 60 };
export const OVERALL_RATE: Rate = { burst: 60, perSecond: 1 };
/** How many callers and texts are remembered at most. */
const REMEMBERED_COUNT = 1_000;

/** `null`: look at it. Else after how many seconds to come again. */
export type Verdict = number | null;

export class Guesses {
  readonly #good = new Map<string, true>();
  readonly #wrong = new Map<string, true>();
  readonly #callers = new Map<string, Bucket>();
  #overall: Bucket | null = null;

  /** `hash` is of the text; `caller` is null where nobody can say. Charged at once: many may be on their way. */
  take(hash: string, caller: string | null, now: number): Verdict {
    if (this.#good.has(hash) || this.#wrong.has(hash)) return null;
    const overall = takeToken(this.#overall ?? fullBucket(OVERALL_RATE, now), OVERALL_RATE, now);
    if (caller === null) {
      this.#overall = overall.bucket;
      return overall.retryAfterS;
    }
    const before = this.#callers.get(caller);
    const own = takeToken(before ?? fullBucket(CALLER_RATE, now), CALLER_RATE, now);
    remember(this.#callers, caller, own.bucket);
    if (own.retryAfterS !== null) return own.retryAfterS;
    this.#overall = overall.bucket;
    const isFirst = own.bucket.tokens >= CALLER_RATE.burst - 1;
    return isFirst ? null : overall.retryAfterS;
  }

  /** What {@link take} let pass turned out to be good: it was no guess. */
  good(hash: string, caller: string | null): void {
    if (this.#good.has(hash)) return;
    remember(this.#good, hash, true);
    // It may have been wrong before: under other settings, or looked at while it was being made.
    if (this.#wrong.delete(hash)) return;
    if (this.#overall !== null) this.#overall = giveBack(this.#overall, OVERALL_RATE);
    const own = caller === null ? undefined : this.#callers.get(caller);
    if (caller !== null && own !== undefined) this.#callers.set(caller, giveBack(own, CALLER_RATE));
  }

  /** Whether it was looked at and found wrong: nobody needs to be asked about it again. */
  isWrong(hash: string): boolean {
    return this.#wrong.has(hash);
  }

  /** It turned out to be wrong. */
  wrong(hash: string): void {
    this.#good.delete(hash);
    remember(this.#wrong, hash, true);
  }
}

const giveBack = (bucket: Bucket, { burst }: Rate): Bucket => ({ ...bucket, tokens: Math.min(burst, bucket.tokens + 1) });

/** The oldest makes room. */
function remember<Value>(kept: Map<string, Value>, key: string, value: Value): void {
  kept.delete(key);
  const oldest = kept.keys().next();
  if (kept.size >= REMEMBERED_COUNT && oldest.done !== true) kept.delete(oldest.value);
  kept.set(key, value);
}

/**
 * Who calls, as far as it can be said: the address that what is in front wrote, the last of a list; an IPv6 one by its network of 64 bits,
 * for those come in such lots. Null where nobody in front is to be believed, or wrote none.
 */
export function callerOf(header: string | null): string | null {
  const address = header?.split(',').at(-1)?.trim() ?? '';
  if (address === '' || address.length > MAX_ADDRESS_CHARS) return null;
  return address.includes(':') ? networkOf(address) : address;
}
const MAX_ADDRESS_CHARS = 64;

function networkOf(address: string): string {
  const [head = '', tail] = address.toLowerCase().split('::');
  const groups = head === '' ? [] : head.split(':');
  const missing = tail === undefined ? 0 : 8 - groups.length - (tail === '' ? 0 : tail.split(':').length);
  return [...groups, ...Array<string>(Math.max(0, missing)).fill('0'), ...(tail ?? '').split(':')].slice(0, 4).join(':');
}
