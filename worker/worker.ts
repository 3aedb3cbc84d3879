/** The Worker: routes only. Everything about a cluster is in its room, the list of clusters in the fleet. */
import { refuseHost } from './access.ts';
import { corsFor } from './cors.ts';
import { answerError, observe } from './observe.ts';
import { problemResponse } from './problem.ts';
import { access } from './routes/access.ts';
import { newApp } from './routes/app.ts';
import { directory } from './routes/directory.ts';
import { operations } from './routes/operations.ts';
import { rooms } from './routes/rooms.ts';

export { ClusterRoom } from './cluster-room.ts';
export { Fleet } from './fleet.ts';

const app = newApp();

app.use('*', observe);
app.use('*', async (c, next) => {
  const refusal = refuseHost(c.req.header('host') ?? null, c.env.ALLOWED_HOSTS);
  return refusal === null ? next() : problemResponse(refusal);
});
app.use('/api/*', async (c, next) => {
  const cors = corsFor(c.env.CORS_ORIGINS);
  return cors === null ? next() : cors(c, next);
});
app.onError(answerError);

// Rooms first: the directory ends with the methods that an address does not take.
for (const routes of [rooms, directory, access, operations]) app.route('/', routes);

app.all('/api/*', () => problemResponse({ code: 'not-found', detail: 'GET /api/v1/openapi.json lists the addresses.' }));
// Files of the page are served before the Worker is asked: one that it is asked for was taken away by a new version.
app.all('/assets/*', () => problemResponse({ code: 'not-found', detail: 'No version that is served now has this file.' }));
// Every other address is the page's, which says itself where there is nothing at it.
app.notFound((c) => c.env.ASSETS.fetch(new Request(new URL('/', c.req.url), c.req.raw)));

export default app satisfies ExportedHandler<Env>;
