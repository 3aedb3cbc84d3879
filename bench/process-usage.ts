/** What Linux says of a process: memory and CPU time. */
import { readFile } from 'node:fs/promises';

export interface Usage {
  /** Bytes of memory that are resident now. */
  readonly residentBytes: number;
  /** The most that ever were. */
  readonly peakBytes: number;
  /** Of all its threads, user and system, milliseconds. */
  readonly cpuMs: number;
}

/** Linux counts CPU time in these, whatever the kernel's own tick (USER_HZ). */
const TICK_MS = 10;
const BYTES_PER_KB = 1_024;

export async function readUsage(pid: number): Promise<Usage> {
  const [status, stat] = await Promise.all([readFile(`/proc/${pid}/status`, 'utf8'), readFile(`/proc/${pid}/stat`, 'utf8')]);
  return parseUsage(status, stat);
}

/** `/proc/PID/status` and `/proc/PID/stat` → usage. Pure. */
export function parseUsage(status: string, stat: string): Usage {
  const bytes = (field: string): number =>
    Number(new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1] ?? Number.NaN) * BYTES_PER_KB;
  // The program's name is in parentheses and may have spaces; utime and stime are the 14th and 15th fields.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return { residentBytes: bytes('VmRSS'), peakBytes: bytes('VmHWM'), cpuMs: (Number(fields[11]) + Number(fields[12])) * TICK_MS };
}
