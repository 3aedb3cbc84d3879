/** The directory of clusters: one object. It knows names; what is known of a cluster, and its tokens' hashes, are in the cluster's room. */
import { DurableObject } from 'cloudflare:workers';
import { MAX_CLUSTERS_COUNT } from '../core/limits.ts';
import type { ClusterName } from '../core/model.ts';
import { err, ok, type Result } from '../core/result.ts';
import { hashToken, newToken } from './auth.ts';
import type { Refusal } from './problem.ts';
import type { Registration } from './schemas.ts';

export interface IssuedToken {
  readonly cluster: ClusterName;
  readonly token: string;
}

/** clusters   one row a cluster; `created_at` on this object's clock */
const SCHEMA = `CREATE TABLE IF NOT EXISTS clusters (cluster TEXT PRIMARY KEY, display_name TEXT, created_at INTEGER NOT NULL) WITHOUT ROWID`;

export class Fleet extends DurableObject<Env> {
  /** The newest change of each name that is under way: two at once would overtake each other on their way to the room. */
  readonly #turns = new Map<ClusterName, Promise<unknown>>();

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    ctx.storage.sql.exec(SCHEMA);
  }

  list(): Registration[] {
    return this.ctx.storage.sql
      .exec('SELECT cluster, display_name FROM clusters ORDER BY cluster')
      .toArray()
      .map(({ cluster, display_name }) => registrationOf(cluster, display_name));
  }

  register(registration: Registration): Promise<Result<IssuedToken, Refusal>> {
    return this.#inTurn(registration.cluster, () => this.#register(registration));
  }

  issueToken(cluster: ClusterName): Promise<Result<IssuedToken, Refusal>> {
    return this.#inTurn(cluster, async () => {
      const registration = this.#find(cluster);
      return registration === null ? err(UNKNOWN) : ok(await this.#issue(registration));
    });
  }

  remove(cluster: ClusterName): Promise<Result<null, Refusal>> {
    return this.#inTurn(cluster, async () => {
      if (this.#find(cluster) === null) return err(UNKNOWN);
      // The room first: a name that is listed can be removed again, a room that is not listed could never be.
      await this.env.ROOMS.getByName(cluster).remove();
      this.ctx.storage.sql.exec('DELETE FROM clusters WHERE cluster = ?', cluster);
      return ok(null);
    });
  }

  async #register(registration: Registration): Promise<Result<IssuedToken, Refusal>> {
    const { cluster, displayName } = registration;
    if (this.#find(cluster) !== null) {
      return err({ code: 'cluster-exists', detail: `For another token of ${cluster}: POST /api/v1/clusters/${cluster}/token.` });
    }
    const { sql } = this.ctx.storage;
    if (Number(sql.exec('SELECT count(*) AS clusters FROM clusters').one().clusters) >= MAX_CLUSTERS_COUNT) {
      return err({ code: 'too-many-clusters', detail: `At most ${MAX_CLUSTERS_COUNT}; remove one first.` });
    }
    // The name first: should the room not answer, the name is listed and `token` completes what was begun.
    sql.exec('INSERT INTO clusters VALUES (?, ?, ?)', cluster, displayName ?? null, Date.now());
    return ok(await this.#issue(registration));
  }

  async #issue(registration: Registration): Promise<IssuedToken> {
    const token = newToken((bytes) => crypto.getRandomValues(bytes));
    await this.env.ROOMS.getByName(registration.cluster).setToken(registration, await hashToken(token));
    return { cluster: registration.cluster, token };
  }

  #inTurn<Value>(cluster: ClusterName, change: () => Promise<Value>): Promise<Value> {
    const turn = (this.#turns.get(cluster) ?? Promise.resolve()).then(change, change);
    this.#turns.set(cluster, turn);
    const forget = (): void => {
      if (this.#turns.get(cluster) === turn) this.#turns.delete(cluster);
    };
    turn.then(forget, forget);
    return turn;
  }

  #find(cluster: ClusterName): Registration | null {
    const [row] = this.ctx.storage.sql.exec('SELECT cluster, display_name FROM clusters WHERE cluster = ?', cluster).toArray();
    return row === undefined ? null : registrationOf(row.cluster, row.display_name);
  }
}

const registrationOf = (cluster: SqlStorageValue | undefined, displayName: SqlStorageValue | undefined): Registration => ({
  cluster: String(cluster),
  ...(typeof displayName === 'string' && { displayName }),
});

const UNKNOWN: Refusal = { code: 'unknown-cluster', detail: 'Register it first (POST /api/v1/clusters), or check its name.' };
