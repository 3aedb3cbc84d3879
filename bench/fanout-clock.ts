/** The one clock of the fan-out benchmark's processes: the machine's own, which is the same for all of them and is never set. */

const MS_PER_S = 1_000;
const NS_PER_MS = 1_000_000;

/** Milliseconds, with a fraction, since the machine started. */
export function now(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * MS_PER_S + nanoseconds / NS_PER_MS;
}
