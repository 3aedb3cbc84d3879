/** A port for a program that has to be told one. */
import { createServer } from 'node:net';

/**
 * Below the range from which the system hands out ports by itself (32768 and up), and above the well-known ones: between this choice
 * and the moment in which the program listens, and while a test restarts it, no other connection is given the port.
 */
const FIRST_PORT = 15_000;
const PORT_COUNT = 3_750;
/** Files that run at the same time choose from slices of their own: a port can be free for a long time before its program listens. */
const SLICES_COUNT = 4;
const slice = (Number(process.env.VITEST_POOL_ID ?? 1) - 1) % SLICES_COUNT;
const firstPort = FIRST_PORT + slice * PORT_COUNT;
const MAX_TRIES_COUNT = 100;

const given = new Set<number>();

/** One on which nobody listens, and which this process was not given before. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < MAX_TRIES_COUNT; tries++) {
    const port = firstPort + Math.floor(Math.random() * PORT_COUNT);
    if (given.has(port) || !(await isFree(port))) continue;
    given.add(port);
    return port;
  }
  throw new Error(`no free port was found from ${firstPort} to ${firstPort + PORT_COUNT - 1}`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}
