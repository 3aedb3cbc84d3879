/** How deep JSON is nested, found on its bytes before it is parsed, in one pass and without recursion. Pure. */

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** `[` and `{`, `]` and `}` differ in this bit only. */
const CURLY = 0x20;
const OPEN = 0x5b;
const CLOSE = 0x5d;

/**
 * Whether brackets are open more than `max` deep at once. `bytes`: UTF-8, in which no byte of another character looks like one of
 * these. What is no JSON may be called deep or not: it is refused in any case.
 */
export function isDeeperThan(bytes: Uint8Array, max: number): boolean {
  let depth = 0;
  let isText = false;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    if (isText) {
      if (byte === BACKSLASH) at += 1;
      else if (byte === QUOTE) isText = false;
    } else if (byte === QUOTE) isText = true;
    else if ((byte & ~CURLY) === OPEN) {
      depth += 1;
      if (depth > max) return true;
    } else if ((byte & ~CURLY) === CLOSE) depth -= 1;
  }
  return false;
}
