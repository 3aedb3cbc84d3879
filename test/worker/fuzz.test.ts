/**
 * Every route, asked right, wrong and with nonsense: it answers in time, never with a 5xx; what it refuses it says as a problem of a known
 * code, and has changed nothing. HOSTVIEW_SEED=N plays one round again; `npm run test:long` asks 100,000 times.
 */
import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { describe, expect, test } from 'vitest';
import { problemsOf } from '../../worker/api/openapi.ts';
import type { Access } from '../../worker/api/operation.ts';
import { OPERATIONS } from '../../worker/api/operations.ts';
import { withLimit } from '../../worker/deadline.ts';
import { isProblem, PROBLEM_CODES, statusOf } from '../../worker/problem.ts';
import { composeRequest, type FuzzRequest, type Surroundings } from './fuzzing/requests.ts';
import { givenSeed, isLong } from './runs.ts';
import { Random } from './simulation/random.ts';
import { ADMIN, bearer, call, freshName, liveCluster, ORIGIN, roomOf, snapshotOf, type TestForwarder } from './support.ts';

const REQUESTS_PER_ROUND_COUNT = 500;
const ROUNDS_COUNT = isLong ? 200 : 4;
/** Of real time, on a machine that is busy with other tests. */
const ANSWER_MS = 10_000;
const ROUND_MS = 120_000;

const VIEWER = 'a-token-for-the-viewers';
/** The page is not what is asked about, and need not be built. */
const ASSETS = { fetch: async () => new Response('the page') } as unknown as string;
const SETTINGS = { VIEWER_ACCESS: 'token', VIEWER_TOKEN: VIEWER, FORWARDER_IMAGE: 'registry.example.com/forwarder:1', ASSETS };

const tablesOf = (object: DurableObjectStub): Promise<string> =>
  runInDurableObject(object, (_object, { storage }) => {
    const tables = storage.sql.exec(`SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_cf%' ESCAPE '\\'`).toArray();
    return JSON.stringify(tables.map(({ name }) => [name, storage.sql.exec(`SELECT * FROM "${name}"`).toArray()]));
  });

/** Two clusters that stay, and names that come and go. */
class World implements Surroundings {
  readonly clusters: readonly string[];
  readonly victims: readonly string[];
  readonly bearers: Readonly<Record<Access, (cluster: string) => string>>;
  readonly #forwarders: ReadonlyMap<string, TestForwarder>;
  readonly #codes = new Map<string, string>();
  readonly #cursors = new Map<string, string>();
  #shares: string[] = [];

  constructor(forwarders: readonly TestForwarder[]) {
    this.#forwarders = new Map(forwarders.map((forwarder) => [forwarder.cluster, forwarder]));
    this.clusters = [...this.#forwarders.keys()];
    this.victims = [freshName(), freshName()];
    this.bearers = {
      everybody: () => '',
      code: () => '',
      viewer: () => VIEWER,
      admin: () => ADMIN,
      forwarder: (cluster) => this.#forwarders.get(cluster)?.token ?? 'x',
    };
  }

  static async open(): Promise<World> {
    const world = new World([await liveCluster(), await liveCluster()]);
    await world.#look();
    return world;
  }

  /** So that a long run does not end with a thousand clusters. */
  async close(): Promise<void> {
    const admin = { method: 'DELETE', headers: bearer(ADMIN) };
    for (const cluster of [...this.clusters, ...this.victims]) await call(`/api/v1/clusters/${cluster}`, admin);
    for (const share of this.#shares) await call(`/api/v1/shares/${share}`, admin);
  }

  place(cluster: string) {
    const { session = 1, number = 0, digest = '0'.repeat(16) } = this.#forwarders.get(cluster) ?? {};
    return { session, number: number + 1, digest };
  }

  code(cluster: string): string {
    return this.#codes.get(cluster) ?? 'x'.repeat(43);
  }

  shareId(): string {
    return this.#shares[0] ?? 'x';
  }

  cursor(cluster: string): string {
    return this.#cursors.get(cluster) ?? '0-0';
  }

  /** Of the fleet and of the clusters that stay. A victim's room may be gone, so it is not looked into. */
  async tables(): Promise<readonly string[]> {
    return Promise.all([tablesOf(env.FLEET.getByName('fleet')), ...this.clusters.map((cluster) => tablesOf(roomOf(cluster)))]);
  }

  /** Follows what was accepted. */
  async learn({ operation, cluster }: FuzzRequest, answer: unknown): Promise<void> {
    const forwarder = this.#forwarders.get(cluster);
    const said = (answer ?? {}) as Readonly<Record<string, unknown>>;
    switch (operation.id) {
      case 'registerCluster':
      case 'issueCode':
        this.#codes.set(String(said.cluster), String(said.code));
        break;
      case 'createShare':
        this.#shares.push(String(said.id));
        break;
      case 'removeShare':
        this.#shares.shift();
        break;
      case 'sendBatch':
        if (forwarder !== undefined) forwarder.number = Number(said.number);
        break;
      case 'openSession':
        // A session is only of use once it has synced.
        if (forwarder !== undefined) await forwarder.sync();
        break;
    }
    if (operation.id === 'sendBatch' || operation.id === 'openSession') await this.#look();
  }

  async #look(): Promise<void> {
    for (const cluster of this.clusters) this.#cursors.set(cluster, (await snapshotOf(cluster)).cursor ?? '');
  }
}

/** What it was answered, in a word; null: it was accepted. A stream is looked into and closed. */
async function ask(asked: FuzzRequest): Promise<{ readonly status: number; readonly code: string | null; readonly answer: unknown }> {
  const { method, path, headers, body } = asked;
  const hasBody = method !== 'GET' && method !== 'HEAD' && body !== null;
  const response = await call(path, { method, headers, ...(hasBody && { body }), redirect: 'manual' }, SETTINGS);
  expect(response.status).toBeLessThan(500);
  expect(response.headers.get('x-request-id')).toMatch(/^[\w.-]{1,64}$/);
  if (response.status < 400) return { status: response.status, code: null, answer: await readAnswer(response) };
  // A bent address can be one of the page.
  if (!/^\/(api(\/|$)|healthz$|metrics$)/.test(new URL(ORIGIN + path).pathname))
    return { status: response.status, code: 'page', answer: null };
  expect(isProblem(response), `${response.status} ${response.headers.get('content-type')}`).toBe(true);
  if (method === 'HEAD') return { status: response.status, code: 'head', answer: null };
  const problem = await response.json<{ code: (typeof PROBLEM_CODES)[number]; status: number; requestId: string }>();
  expect(PROBLEM_CODES).toContain(problem.code);
  expect([statusOf(problem.code), 415]).toContain(response.status);
  if (isOf(asked)) expect(problemsOf(asked.operation), `${asked.operation.id}: ${problem.code}`).toContain(problem.code);
  expect([problem.status, problem.requestId]).toEqual([response.status, response.headers.get('x-request-id')]);
  return { status: response.status, code: problem.code, answer: null };
}

/** Whether it was not bent so that another route answered. */
function isOf({ operation, method, path }: FuzzRequest): boolean {
  const pattern = new RegExp(`^${operation.path.replaceAll('.', '\\.').replace(/:\w+/g, '[^/]+')}$`);
  return method === operation.method.toUpperCase() && pattern.test(new URL(ORIGIN + path).pathname);
}

async function readAnswer(response: Response): Promise<unknown> {
  if (response.headers.get('content-type')?.startsWith('text/event-stream') !== true) {
    const text = new TextDecoder().decode(await response.arrayBuffer());
    return response.headers.get('content-type') === 'application/json' && text !== '' ? JSON.parse(text) : text;
  }
  const reader = response.body?.getReader();
  await reader?.read();
  await reader?.cancel();
  return null;
}

const textOf = (body: FuzzRequest['body']): string | null =>
  body === null || typeof body === 'string' ? body : `bytes ${Array.from(body.slice(0, 64)).join(' ')}`;
const describeRequest = ({ kind, method, path, headers, body }: FuzzRequest): string =>
  JSON.stringify({
    kind,
    method,
    path: path.slice(0, 300),
    headers: JSON.stringify(headers).slice(0, 300),
    body: textOf(body)?.slice(0, 500),
  });

/** How often each operation was accepted and refused. */
type Tally = Map<string, { accepted: number; refused: number }>;

async function playRound(seed: number, tally: Tally): Promise<void> {
  const random = new Random(seed);
  const world = await World.open();
  let before = await world.tables();
  for (let count = 0; count < REQUESTS_PER_ROUND_COUNT; count += 1) {
    const asked = composeRequest(random, world);
    try {
      const { code, answer } = await withLimit(ask(asked), ANSWER_MS);
      const counts = tally.get(asked.operation.id) ?? { accepted: 0, refused: 0 };
      counts[code === null ? 'accepted' : 'refused'] += 1;
      tally.set(asked.operation.id, counts);
      if (code === null && asked.kind === 'right') await world.learn(asked, answer);
      const after = await world.tables();
      if (code !== null) expect(after).toEqual(before);
      before = after;
    } catch (error) {
      throw new Error(`seed ${seed}, request ${count}: ${describeRequest(asked)}`, { cause: error });
    }
  }
  await world.close();
}

describe('every route, whatever it is asked', () => {
  const first = givenSeed ?? 1;
  const rounds = givenSeed === null ? ROUNDS_COUNT : 1;
  const tally: Tally = new Map();
  for (let seed = first; seed < first + rounds; seed += 1) test(`seed ${seed}`, () => playRound(seed, tally), ROUND_MS);

  test('was reached: each operation was accepted and refused', () => {
    if (givenSeed !== null) return;
    const missed = OPERATIONS.filter(({ id }) => !(Number(tally.get(id)?.accepted) > 0 && Number(tally.get(id)?.refused) > 0));
    expect(missed.map(({ id }) => [id, tally.get(id)])).toEqual([]);
  });
});
