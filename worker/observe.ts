/** Around every request: its id, its headers, its line in the log, its count. */
import { routePath } from 'hono/route';
import { API_HEADERS, HTTPS_HEADERS, withHeaders } from './headers.ts';
import { describeError, log, selectLevel } from './log.ts';
import { isProblem, problemResponse, unavailableResponse } from './problem.ts';
import { RequestCounts } from './request-counts.ts';
import { requestIdOf } from './request-id.ts';
import { isPlatformFailure } from './room-calls.ts';
import { type AppContext, knownClusterOf } from './routes/app.ts';

/** Of this isolate. */
export const requestCounts = new RequestCounts();

export async function observe(c: AppContext, next: () => Promise<void>): Promise<void> {
  const startedAt = Date.now();
  const requestId = requestIdOf(c.req.header('x-request-id') ?? null, () => crypto.randomUUID());
  c.set('requestId', requestId);
  await next();
  const { method } = c.req;
  const { status } = c.res;
  // Whatever answered last: of an address that nobody took, the pattern that says so.
  const route = routePath(c);
  const code = isProblem(c.res) ? await completeProblem(c, requestId) : undefined;
  setResponse(c, withHeaders(c.res, headersFor(c, requestId)));
  requestCounts.add(method, route, status);
  const level = selectLevel(status, c.env.LOG_REQUESTS);
  if (level === null) return;
  log(level, 'request', { requestId, method, route, status, ms: Date.now() - startedAt, ...clusterField(c), code });
}

/** What a handler threw: the platform's failures may be tried again, all others are ours and stay in the log. */
export function answerError(error: unknown, c: AppContext): Response {
  log('error', 'a request failed', { requestId: c.get('requestId'), route: routePath(c), ...clusterField(c), ...describeError(error) });
  if (isPlatformFailure(error)) return unavailableResponse();
  return problemResponse({ code: 'internal', detail: 'The log of the Worker says more.' });
}

/** Where the Worker answers itself; elsewhere it only refuses, and the page's own headers come with its files. */
const OWN = /^\/((api|assets)(\/|$)|healthz$|metrics$)/;

function headersFor(c: AppContext, requestId: string): Readonly<Record<string, string>> {
  const id = { 'x-request-id': requestId };
  if (!OWN.test(c.req.path) && !isProblem(c.res)) return id;
  return { ...id, ...API_HEADERS, ...(new URL(c.req.url).protocol === 'https:' && HTTPS_HEADERS) };
}

/** Adds the request's id to the problem, a room's too; answers its code. */
async function completeProblem(c: AppContext, requestId: string): Promise<string | undefined> {
  const text = await c.res.text();
  const headers = new Headers(c.res.headers);
  headers.delete('content-length');
  if (text === '') {
    // A room's answer to HEAD comes without its body.
    setResponse(c, new Response(null, { status: c.res.status, headers }));
    return undefined;
  }
  const problem = JSON.parse(text) as Record<string, unknown>;
  setResponse(c, new Response(JSON.stringify({ ...problem, requestId }), { status: c.res.status, headers }));
  return typeof problem.code === 'string' ? problem.code : undefined;
}

/** Hono writes the headers of the response before over those of the next, unless there is none in between. */
function setResponse(c: AppContext, response: Response): void {
  c.res = undefined;
  c.res = response;
}

function clusterField(c: AppContext): { readonly cluster?: string } {
  const cluster = knownClusterOf(c);
  return cluster === null ? {} : { cluster };
}
