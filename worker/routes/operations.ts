/** What those who run the edge ask for: whether it lives, and its numbers. */
import { withLimit } from '../deadline.ts';
import { describeError, log } from '../log.ts';
import { composeMetrics } from '../metrics.ts';
import { requestCounts } from '../observe.ts';
import { formatMetrics, PROMETHEUS_TYPE } from '../prometheus.ts';
import { mapBounded, readTwice } from '../room-calls.ts';
import type { RoomStats } from '../room-stats.ts';
import { admin, fleetOf, methodNotAllowed, newApp } from './app.ts';

/** How many rooms are asked at once, and how long each may take: the scrapers' own limit is ten seconds. */
const ROOMS_WIDTH_COUNT = 32;
const ROOM_ANSWER_MS = 3_000;

export const operations = newApp();

operations.get('/healthz', (c) => c.json({ ok: true }));
operations.all('/healthz', methodNotAllowed('GET'));

// Only who asks for it pays for what it is made of.
operations.get('/api/v1/openapi.json', async (c) => {
  const { openApiText } = await import('../api/openapi.ts');
  return c.body(openApiText(), { headers: { 'content-type': 'application/json', 'cache-control': 'no-cache' } });
});
operations.all('/api/v1/openapi.json', methodNotAllowed('GET'));

operations.get('/metrics', admin, async (c) => {
  const registrations = await readTwice(() => fleetOf(c.env).list());
  const fleet = await readTwice(() => fleetOf(c.env).stats());
  const rooms = await mapBounded(registrations, ROOMS_WIDTH_COUNT, async ({ cluster }) => ({
    cluster,
    stats: await statsOf(c.env, cluster),
  }));
  const text = formatMetrics(composeMetrics({ rooms, fleet, requests: requestCounts.list() }));
  return c.body(text, { headers: { 'content-type': PROMETHEUS_TYPE, 'cache-control': 'no-store' } });
});
operations.all('/metrics', methodNotAllowed('GET'));

/** Null where the room does not answer: one that is broken must not hide the others. */
async function statsOf(env: Env, cluster: string): Promise<RoomStats | null> {
  try {
    return await withLimit(
      readTwice(async () => env.ROOMS.getByName(cluster).stats()),
      ROOM_ANSWER_MS,
    );
  } catch (error) {
    log('error', 'a room did not answer', { cluster, ...describeError(error) });
    return null;
  }
}
