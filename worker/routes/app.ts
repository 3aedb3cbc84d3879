/** What the routes share: the type of the application, the objects behind it, and who may pass. */
import { type Context, Hono } from 'hono';
import { admitViewer, refuseAdmin, UNKNOWN_CLUSTER } from '../access.ts';
import { KnownClusters } from '../known-clusters.ts';
import { problemResponse, type Refusal } from '../problem.ts';
import { isClusterName } from '../schemas.ts';
import { maySee, type Scope } from '../scope.ts';

export interface App {
  readonly Bindings: Env;
  readonly Variables: {
    /** Which clusters this viewer may see; set by {@link viewer}. */
    readonly scope: Scope;
    /** Of this request, for its answer and the log. */
    readonly requestId: string;
  };
}
export type AppContext = Context<App>;
type Next = () => Promise<void>;

export const newApp = (): Hono<App> => new Hono<App>();

export const fleetOf = (env: Env) => env.FLEET.getByName('fleet');
export const clusterOf = (c: AppContext): string => c.req.param('cluster') ?? '';
export const roomOf = (c: AppContext) => c.env.ROOMS.getByName(clusterOf(c));

const known = new KnownClusters();
/** The cluster of the address where it is a registered one: anything else can stand there, a secret too. Null also where nobody asked yet. */
export const knownClusterOf = (c: AppContext): string | null => (known.knows(clusterOf(c)) ? clusterOf(c) : null);

/** A name that cannot be one, or is not registered, must not make an object. */
export const isRegistered = async (c: AppContext): Promise<boolean> => {
  const cluster = clusterOf(c);
  return isClusterName(cluster) && (await known.has(cluster, (name) => fleetOf(c.env).has(name)));
};

/** Lets viewers pass, and says which clusters are theirs. */
export async function viewer(c: AppContext, next: Next): Promise<Response | undefined> {
  const admitted = await admitViewer(c.req.raw, c.env);
  if (!admitted.ok) return refuse(admitted.error);
  c.set('scope', admitted.value);
  await next();
  return undefined;
}

/** After {@link viewer}: lets pass who may see this cluster. */
export async function ownCluster(c: AppContext, next: Next): Promise<Response | undefined> {
  if (!maySee(c.get('scope'), clusterOf(c)) || !(await isRegistered(c))) return problemResponse(UNKNOWN_CLUSTER);
  await next();
  return undefined;
}

export async function admin(c: AppContext, next: Next): Promise<Response | undefined> {
  const refusal = await refuseAdmin(c.req.raw, c.env);
  if (refusal !== null) return refuse(refusal);
  await next();
  return undefined;
}

/** With the header that RFC 9110 asks for beside a 401. */
export function refuse(refusal: Refusal): Response {
  const response = problemResponse(refusal);
  if (response.status === 401) response.headers.set('www-authenticate', 'Bearer');
  return response;
}

/** The last handler of an address: every method that it does not take. */
export const methodNotAllowed = (allow: string) => (): Response =>
  problemResponse({ code: 'method-not-allowed', detail: `It takes ${allow}.` }, { allow });
