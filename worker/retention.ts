/** How much of the past a room keeps: the Worker's settings RETENTION_DAYS and RETENTION_MB. Pure. */
import { LOG_RETENTION_BYTES, LOG_RETENTION_MS } from '../core/limits.ts';

export interface Retention {
  readonly ageMs: number;
  /** Of frames and checkpoints together. */
  readonly bytes: number;
}

export const DEFAULT_RETENTION: Retention = { ageMs: LOG_RETENTION_MS, bytes: LOG_RETENTION_BYTES };

const DAY_MS = 24 * 3_600_000;
const MB_BYTES = 1_048_576;
const MAX_DAYS = 3_650;
/** An object may have 10 GB. */
const MAX_MB = 8_192;

/** Plain decimals; days may be broken, down to an hour. What is absent, not a number or out of bounds counts as not set. */
export function parseRetention({
  days,
  megabytes,
}: {
  readonly days: string | undefined;
  readonly megabytes: string | undefined;
}): Retention {
  const ageDays = parseDecimal(days, 1 / 24, MAX_DAYS);
  const size = parseDecimal(megabytes, 1, MAX_MB);
  return {
    ageMs: ageDays === null ? DEFAULT_RETENTION.ageMs : Math.round(ageDays * DAY_MS),
    bytes: size === null ? DEFAULT_RETENTION.bytes : Math.round(size * MB_BYTES),
  };
}

function parseDecimal(text: string | undefined, least: number, most: number): number | null {
  if (text === undefined || !/^\d{1,6}(\.\d{1,6})?$/.test(text)) return null;
  const value = Number(text);
  return value >= least && value <= most ? value : null;
}
