/**
 * The directory of clusters: one object. It knows names and open install codes; what is known of a cluster, and its tokens' hashes, are in
 * the cluster's room.
 */
import { DurableObject } from 'cloudflare:workers';
import type { Share, ShareWish } from '../core/access.ts';
import type { FleetSnapshot } from '../core/fleet.ts';
import { MAX_CLUSTERS_COUNT } from '../core/limits.ts';
import type { ClusterName } from '../core/model.ts';
import { err, ok, type Result } from '../core/result.ts';
import { hashToken, isSameHash, newToken } from './auth.ts';
import { newEpoch } from './epoch.ts';
import type { SummaryNews } from './fleet-overview.ts';
import { FleetStore } from './fleet-store.ts';
import { FleetStream } from './fleet-stream.ts';
import { expiryOf, type IssuedCode, isRedeemable, WRONG_CODE } from './install-codes.ts';
import { describeError, log } from './log.ts';
import type { FleetStats } from './metrics.ts';
import type { Refusal } from './problem.ts';
import type { Registration } from './schemas.ts';
import { ShareStore } from './share-store.ts';
import { goodShare, type MadeShare, makeShare, shareIdOf, UNKNOWN_SHARE, withoutHash } from './shares.ts';

export interface IssuedToken {
  readonly cluster: ClusterName;
  readonly token: string;
}

/** The fleet's own addresses, which only the Worker can reach; `audience` in the query is what the viewer may see (scope.ts). */
export const FLEET_PATHS = { direct: '/direct', bridge: '/bridge' } as const;

export class Fleet extends DurableObject<Env> {
  readonly #store = new FleetStore(this.ctx.storage);
  readonly #shares = new ShareStore(this.ctx.storage.sql);
  readonly #stream = new FleetStream({
    ctx: this.ctx,
    now: Date.now,
    random: Math.random,
    epoch: () => newEpoch((bytes) => crypto.getRandomValues(bytes)),
    registrations: () => this.#store.list(),
    follow: (cluster, until) => this.#room(cluster).follow(until),
  });
  /** The newest change of each name that is under way: two at once would overtake each other on their way to the room. */
  readonly #turns = new Map<ClusterName, Promise<unknown>>();

  /** The stream of all clusters. */
  override fetch(request: Request): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url);
    // What a browser remembers by itself is newer than what the page wrote into the address (D1).
    const asked = request.headers.get('last-event-id') ?? searchParams.get('cursor');
    const way = pathname === FLEET_PATHS.bridge ? 'bridge' : 'direct';
    return this.#stream.attach({ way, asked, audience: searchParams.get('audience') ?? '' });
  }

  /** What the stream begins with, for a viewer that opens it next. */
  snapshot(audience: string): Promise<FleetSnapshot> {
    return this.#stream.snapshot(audience);
  }

  /** From a cluster's room, while it is followed; false where nobody watches. */
  report(cluster: ClusterName, news: SummaryNews): boolean {
    return this.#stream.take(cluster, news);
  }

  override alarm(): Promise<void> {
    return this.#stream.renew();
  }

  /** The runtime answers pings itself. */
  override webSocketMessage(socket: WebSocket, message: string | ArrayBuffer): void {
    if (typeof message === 'string') this.#stream.noteSaid(socket, message);
  }

  override webSocketClose(socket: WebSocket, code: number): void {
    this.#stream.noteClosed(code);
    socket.close();
  }

  has(cluster: ClusterName): boolean {
    return this.#store.find(cluster) !== null;
  }

  list(): Registration[] {
    return this.#store.list();
  }

  /** For the metrics. */
  stats(): FleetStats {
    return { shares: this.#shares.list(Date.now()).length, viewers: this.#stream.stats.viewers };
  }

  register(registration: Registration): Promise<Result<IssuedCode, Refusal>> {
    return this.#inTurn(registration.cluster, () => this.#register(registration));
  }

  /** Another code, in the place of one that is open. Tokens stay what they are until it is redeemed and what it gave is used. */
  issueCode(cluster: ClusterName): Promise<Result<IssuedCode, Refusal>> {
    return this.#inTurn(cluster, async () => {
      const registration = this.#store.find(cluster);
      return registration === null ? err(UNKNOWN) : ok(await this.#issue(registration));
    });
  }

  /** Makes the token that the code stands for. The code is spent when the room has the token's hash, and not before. */
  redeem(cluster: ClusterName, code: string): Promise<Result<IssuedToken, Refusal>> {
    return this.#inTurn(cluster, async () => {
      const codeHash = await hashToken(code);
      const registration = this.#store.find(cluster);
      if (registration === null || !isRedeemable(this.#store.readCode(cluster), codeHash, Date.now())) return err(WRONG_CODE);
      const token = newToken((bytes) => crypto.getRandomValues(bytes));
      const tokenHash = await hashToken(token);
      try {
        await this.#room(cluster).setToken(registration, tokenHash);
      } catch (error) {
        log('error', 'a room took no token', { cluster, ...describeError(error) });
        return err({ code: 'unavailable', detail: 'The cluster’s room did not answer, and the code is still good: try again.' });
      }
      this.#store.writeCode(cluster, null);
      return ok({ cluster, token });
    });
  }

  /** From now on no token and no code of the cluster is good; viewers notice nothing but that it falls silent. */
  revokeTokens(cluster: ClusterName): Promise<Result<null, Refusal>> {
    return this.#inTurn(cluster, async () => {
      if (this.#store.find(cluster) === null) return err(UNKNOWN);
      this.#store.writeCode(cluster, null);
      await this.#room(cluster).revokeTokens();
      return ok(null);
    });
  }

  remove(cluster: ClusterName): Promise<Result<null, Refusal>> {
    return this.#inTurn(cluster, async () => {
      if (this.#store.find(cluster) === null) return err(UNKNOWN);
      // The room first: a name that is listed can be removed again, a room that is not listed could never be.
      await this.#room(cluster).remove();
      this.#store.delete(cluster);
      this.#stream.remove(cluster);
      return ok(null);
    });
  }

  async createShare(wish: ShareWish): Promise<Result<MadeShare, Refusal>> {
    const token = newToken((bytes) => crypto.getRandomValues(bytes));
    const share = makeShare(wish, await hashToken(token), Date.now());
    const added = this.#shares.add(share);
    return added.ok ? ok({ share: withoutHash(share), token }) : added;
  }

  listShares(): Share[] {
    return this.#shares.list(Date.now()).map(withoutHash);
  }

  /** From the next request on it opens nothing; streams that are open end when they are recycled. */
  removeShare(id: string): Result<null, Refusal> {
    return this.#shares.delete(id) ? ok(null) : err(UNKNOWN_SHARE);
  }

  /** By the hash of its token; null where none is good. */
  findShare(tokenHash: string): Share | null {
    const share = goodShare(this.#shares.find(shareIdOf(tokenHash)), Date.now());
    return share !== null && isSameHash(share.tokenHash, tokenHash) ? withoutHash(share) : null;
  }

  /** The same for a share that was proven before: what a cookie says. */
  shareOf(id: string): Share | null {
    const share = goodShare(this.#shares.find(id), Date.now());
    return share === null ? null : withoutHash(share);
  }

  async #register(registration: Registration): Promise<Result<IssuedCode, Refusal>> {
    const { cluster } = registration;
    if (this.has(cluster)) {
      return err({ code: 'cluster-exists', detail: `For another code of ${cluster}: POST /api/v1/clusters/${cluster}/token.` });
    }
    if (this.#store.count() >= MAX_CLUSTERS_COUNT) {
      return err({ code: 'too-many-clusters', detail: `At most ${MAX_CLUSTERS_COUNT}; remove one first.` });
    }
    // The name first: should the room not answer, the name is listed and `token` completes what was begun.
    this.#store.add(registration, Date.now());
    this.#stream.add(registration);
    return ok(await this.#issue(registration));
  }

  async #issue(registration: Registration): Promise<IssuedCode> {
    const { cluster } = registration;
    await this.#room(cluster).register(registration);
    this.#stream.addRoom(cluster);
    const code = newToken((bytes) => crypto.getRandomValues(bytes));
    const hash = await hashToken(code);
    const expiresAt = expiryOf(Date.now());
    this.#store.writeCode(cluster, { hash, expiresAt });
    return { cluster, code, expiresAt };
  }

  /** Made anew for each call: after a failure the same stub goes on failing. */
  #room(cluster: ClusterName) {
    return this.env.ROOMS.getByName(cluster);
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
}

const UNKNOWN: Refusal = { code: 'unknown-cluster', detail: 'Register it first (POST /api/v1/clusters), or check its name.' };
