/** Scripts that run from right to left, and marks that turn the direction of what follows them. */
const TURNING = /[\u0590-\u08ff\u200e\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufefc\ud802\ud803\ud83a\ud83b]/;
const MARKS = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/**
 * JSON of a room, whose texts cannot reorder our own words beside them: marks are dropped, and what would run from right to left is
 * fenced in (FIRST STRONG ISOLATE … POP DIRECTIONAL ISOLATE). Equal texts stay equal, so that names still name the same.
 */
export function readJson<Data>(text: string): Data {
  const data = JSON.parse(text) as Data;
  // Only such JSON is walked: in a snapshot of thousands of VMs it would be felt.
  return TURNING.test(text) || text.includes('\\u') ? (fence(data) as Data) : data;
}

/** In place, which takes a tenth of what a reviver of JSON.parse does. */
function fence(value: unknown): unknown {
  if (typeof value === 'string') return TURNING.test(value) ? `\u2068${value.replace(MARKS, '')}\u2069` : value;
  if (typeof value === 'object' && value !== null) {
    const fields = value as Record<string, unknown>;
    for (const key in fields) fields[key] = fence(fields[key]);
  }
  return value;
}
