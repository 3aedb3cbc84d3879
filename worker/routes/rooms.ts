/** The addresses under `/api/v1/clusters/:cluster` that a room answers: viewers' reads and streams, and the uplink. */
import { UNKNOWN_OR_WRONG_TOKEN } from '../access.ts';
import { isTokenShaped, parseBearer } from '../auth.ts';
import { ROOM_PATHS } from '../cluster-room.ts';
import { describeError, log } from '../log.ts';
import { unavailableResponse } from '../problem.ts';
import { readTwice } from '../room-calls.ts';
import { type AppContext, clusterOf, isRegistered, methodNotAllowed, newApp, ownCluster, refuse, roomOf, viewer } from './app.ts';
import { answerStream } from './stream.ts';

export const rooms = newApp();
const BASE = '/api/v1/clusters/:cluster';

// Compressed by what is in front: Cloudflare's network and Miniflare both compress JSON for clients that accept it. The Worker cannot tell
// who does, for both tell it `accept-encoding: br, gzip` whatever the client said.
rooms.get(BASE, viewer, ownCluster, (c) => readTwice(() => askRoom(c, ROOM_PATHS.snapshot)));

rooms.get(`${BASE}/stream`, viewer, ownCluster, (c) => answerStream(c, (way, headers) => askRoom(c, ROOM_PATHS[way], headers)));
rooms.all(`${BASE}/stream`, methodNotAllowed('GET'));

const READS = [
  ['frames', ROOM_PATHS.frames],
  ['migrations', ROOM_PATHS.migrations],
] as const;
for (const [name, path] of READS) {
  rooms.get(`${BASE}/${name}`, viewer, ownCluster, (c) => readTwice(() => askRoom(c, path)));
  rooms.all(`${BASE}/${name}`, methodNotAllowed('GET'));
}

const VM = `${BASE}/vms/:namespace/:name`;
const VM_READS = [
  [VM, ROOM_PATHS.vm],
  [`${VM}/history`, ROOM_PATHS.vmHistory],
] as const;
for (const [address, path] of VM_READS) {
  rooms.get(address, viewer, ownCluster, (c) => {
    const query = new URLSearchParams({ namespace: c.req.param('namespace') ?? '', name: c.req.param('name') ?? '' });
    return readTwice(() => roomOf(c).fetch(`https://room${path}?${query}`));
  });
  rooms.all(address, methodNotAllowed('GET'));
}

const UPLINK = [
  ['POST', 'sessions', ROOM_PATHS.sessions],
  ['POST', 'batches', ROOM_PATHS.batches],
  ['POST', 'progress', ROOM_PATHS.progress],
  ['GET', 'uplink', ROOM_PATHS.uplinkCheck],
] as const;
for (const [method, name, path] of UPLINK) {
  rooms.on(method, `${BASE}/${name}`, (c) => passToRoom(c, path + new URL(c.req.url).search));
  rooms.all(`${BASE}/${name}`, methodNotAllowed(method));
}

/** A read: the viewer's headers that decide the answer, and nothing else of the request. */
function askRoom(c: AppContext, path: string, extra: Readonly<Record<string, string>> = {}): Promise<Response> {
  const headers = new Headers(extra);
  for (const name of ['last-event-id', 'if-none-match', 'x-hostview-drift']) {
    const value = c.req.header(name);
    if (value !== undefined) headers.set(name, value);
  }
  const { search } = new URL(c.req.url);
  return roomOf(c).fetch(`https://room${path}${search}`, { headers });
}

/** The uplink: the room checks the token before it reads the body. What can be no token wakes neither room nor Fleet. */
async function passToRoom(c: AppContext, path: string): Promise<Response> {
  if (!isTokenShaped(parseBearer(c.req.header('authorization') ?? null) ?? '')) return refuse(UNKNOWN_OR_WRONG_TOKEN);
  try {
    // A name that is not registered is answered as a wrong token is, so that names cannot be found out.
    if (!(await isRegistered(c))) return refuse(UNKNOWN_OR_WRONG_TOKEN);
    return await roomOf(c).fetch(new Request(`https://room${path}`, c.req.raw));
  } catch (error) {
    log('error', 'the room did not answer', { requestId: c.get('requestId'), cluster: clusterOf(c), ...describeError(error) });
    return unavailableResponse();
  }
}
