/** The Worker: routes only. Everything about a cluster is in its room, the list of clusters in the fleet. */
import { type Context, Hono } from 'hono';
import type { ClusterList } from '../core/downlink.ts';
import type { ClusterSummary } from '../core/model.ts';
import { refuseAdmin, refuseHost, refuseViewer } from './access.ts';
import { readJson } from './body.ts';
import { bridgeResponse } from './bridge.ts';
import { ROOM_PATHS } from './cluster-room.ts';
import { API_HEADERS, withHeaders } from './headers.ts';
import { problemResponse, type Refusal, unavailableResponse } from './problem.ts';
import { isPlatformFailure, mapBounded, readTwice } from './room-calls.ts';
import { isClusterName, parseRegistration, type Registration } from './schemas.ts';

export { ClusterRoom } from './cluster-room.ts';
export { Fleet } from './fleet.ts';

type App = { Bindings: Env };

const REGISTRATION_BYTES = 4_096;
/** How many rooms are asked at once for their summaries. */
const SUMMARIES_WIDTH_COUNT = 32;

const fleetOf = (env: Env) => env.FLEET.getByName('fleet');

const app = new Hono<App>();

for (const own of ['/api/*', '/healthz', '/metrics']) {
  app.use(own, async (c, next) => {
    await next();
    c.res = withHeaders(c.res, API_HEADERS);
  });
}
app.use('*', async (c, next) => {
  const refusal = refuseHost(c.req.header('host') ?? null, c.env.ALLOWED_HOSTS);
  return refusal === null ? next() : problemResponse(refusal);
});
app.onError((error) => {
  if (isPlatformFailure(error)) return unavailableResponse();
  console.error(error);
  return problemResponse({ code: 'internal', detail: 'The log of the Worker says more.' });
});

// Matches `/api/v1/clusters/:cluster` itself too. A name that cannot be one must not make an object.
app.use('/api/v1/clusters/:cluster/*', (c, next) => (isClusterName(clusterOf(c)) ? next() : Promise.resolve(problemResponse(UNKNOWN))));

const viewer = async (c: Context<App>, next: () => Promise<void>): Promise<Response | undefined> => {
  const refusal = refuseViewer(c.env.VIEWER_ACCESS);
  if (refusal !== null) return problemResponse(refusal);
  await next();
  return undefined;
};

const admin = async (c: Context<App>, next: () => Promise<void>): Promise<Response | undefined> => {
  const refusal = await refuseAdmin(c.req.header('authorization') ?? null, c.env.ADMIN_TOKEN);
  if (refusal !== null) return problemResponse(refusal, refusal.code === 'unauthorized' ? { 'www-authenticate': 'Bearer' } : {});
  await next();
  return undefined;
};

app.get('/healthz', (c) => c.json({ ok: true }));
app.all('/healthz', methodNotAllowed('GET'));

app.get('/api/v1/clusters', viewer, async (c) => {
  const registrations = await readTwice(() => fleetOf(c.env).list());
  const clusters = await mapBounded(registrations, SUMMARIES_WIDTH_COUNT, (registration) => summaryOf(c.env, registration));
  return c.json({ now: Date.now(), clusters } satisfies ClusterList, { headers: { 'cache-control': 'no-store' } });
});
app.post('/api/v1/clusters', admin, async (c) => {
  const body = await readJson(c.req.raw, REGISTRATION_BYTES);
  const registration = body.ok ? parseRegistration(body.value) : body;
  if (!registration.ok) return problemResponse(registration.error);
  const issued = await fleetOf(c.env).register(registration.value);
  return issued.ok ? c.json(issued.value, 201, { 'cache-control': 'no-store' }) : problemResponse(issued.error);
});
app.all('/api/v1/clusters', methodNotAllowed('GET, POST'));

// Compressed by what is in front: Cloudflare's network and Miniflare both compress JSON for clients that accept it. The Worker cannot tell
// who does, for both tell it `accept-encoding: br, gzip` whatever the client said.
app.get('/api/v1/clusters/:cluster', viewer, (c) => readTwice(() => askRoom(c, ROOM_PATHS.snapshot)));
app.delete('/api/v1/clusters/:cluster', admin, async (c) => {
  const removed = await fleetOf(c.env).remove(clusterOf(c));
  return removed.ok ? c.body(null, 204) : problemResponse(removed.error);
});
app.all('/api/v1/clusters/:cluster', methodNotAllowed('GET, DELETE'));

app.post('/api/v1/clusters/:cluster/token', admin, async (c) => {
  const issued = await fleetOf(c.env).issueToken(clusterOf(c));
  return issued.ok ? c.json(issued.value, 201, { 'cache-control': 'no-store' }) : problemResponse(issued.error);
});
app.all('/api/v1/clusters/:cluster/token', methodNotAllowed('POST'));

app.get('/api/v1/clusters/:cluster/stream', viewer, async (c) => {
  // Hono answers HEAD through here too, and would leave the stream open behind it.
  if (c.req.method !== 'GET') return methodNotAllowed('GET')();
  if (isDirect(c.env.FAN_OUT)) return readTwice(() => askRoom(c, ROOM_PATHS.direct));
  const response = await readTwice(() => askRoom(c, ROOM_PATHS.bridge, { upgrade: 'websocket' }));
  return response.webSocket === null ? response : bridgeResponse(response.webSocket, Date.now);
});
app.all('/api/v1/clusters/:cluster/stream', methodNotAllowed('GET'));

app.post('/api/v1/clusters/:cluster/sessions', (c) => passToRoom(c, ROOM_PATHS.sessions));
app.all('/api/v1/clusters/:cluster/sessions', methodNotAllowed('POST'));
app.post('/api/v1/clusters/:cluster/batches', (c) => passToRoom(c, ROOM_PATHS.batches));
app.all('/api/v1/clusters/:cluster/batches', methodNotAllowed('POST'));
app.get('/api/v1/clusters/:cluster/uplink', (c) => passToRoom(c, ROOM_PATHS.uplinkCheck + new URL(c.req.url).search));
app.all('/api/v1/clusters/:cluster/uplink', methodNotAllowed('GET'));
app.post('/api/v1/clusters/:cluster/progress', (c) => passToRoom(c, ROOM_PATHS.progress));
app.all('/api/v1/clusters/:cluster/progress', methodNotAllowed('POST'));

app.all('/api/*', () => problemResponse({ code: 'not-found', detail: 'The API is under /api/v1/clusters.' }));
app.all('/metrics', () => problemResponse({ code: 'not-found', detail: 'There are no metrics yet.' }));
app.notFound((c) => c.env.ASSETS.fetch(c.req.raw));

const UNKNOWN: Refusal = {
  code: 'unknown-cluster',
  detail: 'The name of a cluster is a DNS label: a-z, 0-9 and -, at most 63 characters.',
};

function methodNotAllowed(allow: string): () => Response {
  return () => problemResponse({ code: 'method-not-allowed', detail: `It takes ${allow}.` }, { allow });
}

const clusterOf = (c: Context<App>): string => c.req.param('cluster') ?? '';
const roomOf = (c: Context<App>) => c.env.ROOMS.getByName(clusterOf(c));

/** Anything else is the bridge, the default of a deployment. */
const isDirect = (fanOut: string): boolean => fanOut === 'direct';

/** A read: the viewer's headers that decide the answer, and nothing else of the request. */
function askRoom(c: Context<App>, path: string, extra: Readonly<Record<string, string>> = {}): Promise<Response> {
  const headers = new Headers(extra);
  for (const name of ['last-event-id', 'if-none-match']) {
    const value = c.req.header(name);
    if (value !== undefined) headers.set(name, value);
  }
  const { search } = new URL(c.req.url);
  return roomOf(c).fetch(`https://room${path}${search}`, { headers });
}

/** The uplink: the room checks the token before it reads the body. */
async function passToRoom(c: Context<App>, path: string): Promise<Response> {
  try {
    return await roomOf(c).fetch(new Request(`https://room${path}`, c.req.raw));
  } catch (error) {
    console.error(error);
    return unavailableResponse();
  }
}

async function summaryOf(env: Env, { cluster, displayName }: Registration): Promise<ClusterSummary> {
  const nothing = { hosts: { total: 0, up: 0 }, vms: { total: 0, byState: {} }, transits: 0, failures: 0 };
  const unheard = { cluster, ...(displayName !== undefined && { displayName }), lastHeard: null, ...nothing, cursor: null };
  try {
    return (await readTwice(() => env.ROOMS.getByName(cluster).summary())) ?? unheard;
  } catch (error) {
    // One room that does not answer must not hide the others.
    console.error(error);
    return unheard;
  }
}

export default app satisfies ExportedHandler<Env>;
