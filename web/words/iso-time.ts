/** The furthest moments that a Date can hold. */
const MAX_DATE_MS = 8.64e15;

/** ISO 8601 in UTC. A moment that no Date can hold is told as its number: whoever sent it, nothing may fail on it. */
export const isoTime = (at: number): string => (Math.abs(at) <= MAX_DATE_MS ? new Date(at).toISOString() : String(at));
