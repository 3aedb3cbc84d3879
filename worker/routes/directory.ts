/** The directory of clusters: who is registered, and the administrator's work on it. */
import type { ClusterList } from '../../core/downlink.ts';
import { FOLLOW_PATIENCE_MS } from '../../core/limits.ts';
import type { ClusterSummary } from '../../core/model.ts';
import { ok, type Result } from '../../core/result.ts';
import { isTokenShaped } from '../auth.ts';
import { readJson } from '../body.ts';
import { withLimit } from '../deadline.ts';
import { FLEET_PATHS } from '../fleet.ts';
import { unheardSummary, unknownSummary } from '../fleet-overview.ts';
import { formatInstallCommand, type IssuedCode, WRONG_CODE } from '../install-codes.ts';
import { composeManifest, parseComponents, parseImage } from '../install-manifest.ts';
import { readOrigin } from '../install-origin.ts';
import { describeError, log } from '../log.ts';
import { problemResponse, type Refusal } from '../problem.ts';
import { parseListQuery } from '../query-schemas.ts';
import { mapBounded, readTwice } from '../room-calls.ts';
import { isClusterName, parseRegistration, type Registration } from '../schemas.ts';
import { audienceOf, maySee, partialOf } from '../scope.ts';
import { type AppContext, admin, clusterOf, fleetOf, methodNotAllowed, newApp, refuse, viewer } from './app.ts';
import { answerStream } from './stream.ts';

const REGISTRATION_BYTES = 4_096;
const NO_STORE = { 'cache-control': 'no-store' } as const;
/** How many rooms are asked at once for their summaries. */
const SUMMARIES_WIDTH_COUNT = 32;

export const directory = newApp();

directory.get('/api/v1/clusters', viewer, async (c) => {
  const query = parseListQuery(c.req.url);
  if (!query.ok) return problemResponse(query.error);
  if (query.value.follow === 'true') {
    const audience = audienceOf(c.get('scope'));
    return c.json((await readTwice(() => fleetOf(c.env).snapshot(audience))) satisfies ClusterList, { headers: NO_STORE });
  }
  const registrations = await readTwice(() => fleetOf(c.env).list());
  const seen = registrations.filter(({ cluster }) => maySee(c.get('scope'), cluster));
  const clusters = await mapBounded(seen, SUMMARIES_WIDTH_COUNT, (registration) => summaryOf(c.env, registration));
  return c.json({ now: Date.now(), ...partialOf(c.get('scope')), clusters } satisfies ClusterList, { headers: NO_STORE });
});
directory.post('/api/v1/clusters', admin, async (c) => {
  const body = await readJson(c.req.raw, REGISTRATION_BYTES);
  const registration = body.ok ? parseRegistration(body.value) : body;
  if (!registration.ok) return problemResponse(registration.error);
  const { value } = registration;
  return answerCode(c, () => fleetOf(c.env).register(value));
});
directory.all('/api/v1/clusters', methodNotAllowed('GET, POST'));

directory.get('/api/v1/stream', viewer, (c) => answerStream(c, (way, headers) => askFleet(c, FLEET_PATHS[way], headers)));
directory.all('/api/v1/stream', methodNotAllowed('GET'));

directory.delete('/api/v1/clusters/:cluster', admin, async (c) => {
  const removed = await fleetOf(c.env).remove(clusterOf(c));
  return removed.ok ? c.body(null, 204) : problemResponse(removed.error);
});
directory.all('/api/v1/clusters/:cluster', methodNotAllowed('GET, DELETE'));

directory.post('/api/v1/clusters/:cluster/token', admin, (c) => answerCode(c, () => fleetOf(c.env).issueCode(clusterOf(c))));
directory.delete('/api/v1/clusters/:cluster/token', admin, async (c) => {
  const revoked = await fleetOf(c.env).revokeTokens(clusterOf(c));
  return revoked.ok ? c.body(null, 204) : problemResponse(revoked.error);
});
directory.all('/api/v1/clusters/:cluster/token', methodNotAllowed('POST, DELETE'));

// The code is the credential.
directory.get('/api/v1/clusters/:cluster/install.yaml', async (c) => {
  // Hono answers HEAD through here too, and looking must not spend the code.
  if (c.req.method !== 'GET') return methodNotAllowed('GET')();
  const code = c.req.query('code') ?? '';
  if (!isClusterName(clusterOf(c)) || !isTokenShaped(code)) return refuse(WRONG_CODE);
  const compose = asksForJson(c.req.header('accept') ?? '') ? ok(null) : await composeFor(c);
  if (!compose.ok) return problemResponse(compose.error);
  const redeemed = await fleetOf(c.env).redeem(clusterOf(c), code);
  if (!redeemed.ok) return refuse(redeemed.error);
  if (compose.value === null) return c.json(redeemed.value, { headers: NO_STORE });
  return c.body(compose.value(redeemed.value.token), { headers: { 'content-type': 'application/yaml; charset=utf-8', ...NO_STORE } });
});
directory.all('/api/v1/clusters/:cluster/install.yaml', methodNotAllowed('GET'));

/** What an administrator gets for a cluster: a code, and the command that redeems it. */
async function answerCode(c: AppContext, issue: () => Promise<Result<IssuedCode, Refusal>>): Promise<Response> {
  const origin = readOrigin(c.env.PUBLIC_URL, c.req.url);
  if (!origin.ok) return problemResponse(origin.error);
  const issued = await issue();
  if (!issued.ok) return problemResponse(issued.error);
  return c.json({ ...issued.value, command: formatInstallCommand(origin.value, issued.value) }, 201, NO_STORE);
}

async function composeFor(c: AppContext): Promise<Result<(token: string) => string, Refusal>> {
  const origin = readOrigin(c.env.PUBLIC_URL, c.req.url);
  if (!origin.ok) return origin;
  const image = parseImage(c.env.FORWARDER_IMAGE);
  if (!image.ok) return image;
  const components = parseComponents(c.req.query('with') ?? null);
  if (!components.ok) return components;
  const settings = { origin: origin.value, cluster: clusterOf(c), image: image.value, components: components.value };
  return ok(await composeManifest(settings));
}

const asksForJson = (accept: string): boolean => accept.split(',').some((type) => type.split(';')[0]?.trim() === 'application/json');

function askFleet(c: AppContext, path: string, extra: Readonly<Record<string, string>> = {}): Promise<Response> {
  const headers = new Headers(extra);
  const lastEventId = c.req.header('last-event-id');
  if (lastEventId !== undefined) headers.set('last-event-id', lastEventId);
  const query = new URLSearchParams({ audience: audienceOf(c.get('scope')) });
  const cursor = c.req.query('cursor');
  if (cursor !== undefined) query.set('cursor', cursor);
  return fleetOf(c.env).fetch(`https://fleet${path}?${query}`, { headers });
}

async function summaryOf(env: Env, registration: Registration): Promise<ClusterSummary> {
  const { cluster } = registration;
  try {
    const asked = readTwice(async () => env.ROOMS.getByName(cluster).summary());
    return (await withLimit(asked, FOLLOW_PATIENCE_MS)) ?? unheardSummary(registration);
  } catch (error) {
    // One room that does not answer must not hide the others.
    log('error', 'a room did not answer', { cluster, ...describeError(error) });
    return unknownSummary(registration);
  }
}
