/** What the kernel says of connections and of open files. Linux. */
import { readFile } from 'node:fs/promises';

/** Of a connection on IPv4, seen from the end that has the port `local`; null where the kernel knows none. */
export async function readSocketState(local: number, remote: number): Promise<SocketState | null> {
  return parseSocketState(await readFile('/proc/net/tcp', 'utf8'), local, remote);
}

export type SocketState = 'established' | 'closed-here' | 'closed-there';

/** `/proc/net/tcp` → state. An end that has closed keeps the connection while the other does not take what was sent. Pure. */
export function parseSocketState(text: string, local: number, remote: number): SocketState | null {
  for (const line of text.split('\n').slice(1)) {
    const [, here = '', there = '', state = ''] = line.trim().split(/\s+/);
    if (portOf(here) !== local || portOf(there) !== remote) continue;
    if (state === ESTABLISHED) return 'established';
    return state === CLOSE_WAIT ? 'closed-there' : 'closed-here';
  }
  return null;
}

/** As Linux numbers them. */
const ESTABLISHED = '01';
const CLOSE_WAIT = '08';

const portOf = (address: string): number => Number.parseInt(address.split(':')[1] ?? '', 16);

/** How many files, so connections, a process started here may have open. (Node has raised the soft limit to the hard one.) */
export const readOpenFilesLimit = async (): Promise<number> => parseOpenFilesLimit(await readFile('/proc/self/limits', 'utf8'));

/** `/proc/PID/limits` → the soft limit. Pure. */
export function parseOpenFilesLimit(text: string): number {
  const limit = /^Max open files\s+(\S+)/m.exec(text)?.[1];
  return limit === 'unlimited' ? Number.POSITIVE_INFINITY : Number(limit);
}
