/**
 * One seeded story: two forwarders on bad lines, a room that is evicted, reset and wiped, viewers that come and go. At every quiet point
 * everybody must show the same, and it must be what the oracle says.
 */
import { abortAllDurableObjects, evictDurableObject, runInDurableObject } from 'cloudflare:test';
import { expect } from 'vitest';
import { applyFrame, stateOf } from '../../../core/cluster-state.ts';
import { parseCursor } from '../../../core/cursor.ts';
import type { Frame, Snapshot } from '../../../core/downlink.ts';
import { OLDEST_PROTOCOL_VERSION, PROTOCOL_VERSION } from '../../../core/protocol-version.ts';
import { ADMIN, bearer, call, type FanOut, freshName, register, renew, roomOf, snapshotOf } from '../support.ts';
import { type Line, SimulatedForwarder } from './forwarder.ts';
import { derivedOf, derivedOfFacts, Oracle, sorted } from './oracle.ts';
import { Random } from './random.ts';
import { SimulatedViewer } from './viewer.ts';
import { digestOfFacts, World } from './world.ts';

const AUDIENCES: readonly (readonly FanOut[])[] = [['bridge'], ['bridge'], ['direct'], ['direct', 'bridge']];
const QUIET_POINTS_COUNT = 3;
const STEPS_BETWEEN_COUNT = 25;
const VIEWERS_COUNT = 4;
/** More requests than any sync and its repairs take. */
const MOST_STEPS_TO_QUIET_COUNT = 60;

export async function playStory(seed: number): Promise<void> {
  const story = await Story.begin(seed);
  try {
    await story.play();
  } catch (error) {
    throw new Error(`seed ${seed} failed; replay it with HOSTVIEW_SEED=${seed}\n${story.told}`, { cause: error });
  } finally {
    await story.end();
  }
}

class Story {
  readonly #random: Random;
  readonly #line: Line;
  readonly #forwarders: readonly [SimulatedForwarder, SimulatedForwarder];
  readonly #viewers: readonly SimulatedViewer[];
  readonly #log: string[] = [];
  /** An object that holds a response is never evicted (platform.md 0.1). */
  readonly #isEvictable: boolean;

  static async begin(seed: number): Promise<Story> {
    const cluster = freshName();
    return new Story(seed, cluster, await register(cluster));
  }

  private constructor(seed: number, cluster: string, token: string) {
    this.#random = new Random(seed);
    this.#line = { cluster, token, oracle: new Oracle(), random: this.#random, world: new World(), isGood: false };
    const older = this.#random.chance(0.3) ? OLDEST_PROTOCOL_VERSION : PROTOCOL_VERSION;
    this.#forwarders = [new SimulatedForwarder(this.#line), new SimulatedForwarder(this.#line, older)];
    const kinds = this.#random.pick(AUDIENCES);
    this.#isEvictable = !kinds.includes('direct');
    this.#viewers = Array.from({ length: VIEWERS_COUNT }, () => new SimulatedViewer(cluster, this.#random.pick(kinds)));
  }

  get told(): string {
    return this.#log.slice(-40).join('\n');
  }

  async play(): Promise<void> {
    for (let point = 0; point < QUIET_POINTS_COUNT; point++) {
      this.#line.isGood = false;
      for (let step = 0; step < STEPS_BETWEEN_COUNT; step++) await this.#step();
      await this.#comeToQuiet();
      await this.#compare();
    }
  }

  /** The fleet has no place for the clusters of thousands of stories. */
  async end(): Promise<void> {
    for (const viewer of this.#viewers) await viewer.leave();
    await call(`/api/v1/clusters/${this.#line.cluster}`, { method: 'DELETE', headers: bearer(ADMIN) });
  }

  async #step(): Promise<void> {
    const [first, second] = this.#forwarders;
    const what = this.#random.weighted({
      change: 10,
      'first forwarder': 10,
      'second forwarder': 4,
      late: 1,
      skip: 0.5,
      'forwarder restarts': 0.5,
      connect: 3,
      leave: 1,
      read: 8,
      evict: 1,
      'evict and close': 0.5,
      reset: 0.3,
      wipe: 0.15,
      'wrong protocol': 0.3,
    });
    this.#log.push(what);
    switch (what) {
      case 'change': {
        const touched = this.#line.world.change(this.#random);
        for (const forwarder of this.#forwarders) forwarder.notice(touched);
        return;
      }
      case 'first forwarder':
        return first.step();
      case 'second forwarder':
        return second.step();
      case 'late':
        return this.#random.pick(this.#forwarders).deliverLate();
      case 'skip':
        return this.#random.pick(this.#forwarders).skip();
      case 'forwarder restarts':
        return this.#random.pick(this.#forwarders).restart();
      case 'connect':
        return this.#connect(this.#random.pick(this.#viewers));
      case 'leave':
        return this.#random.pick(this.#viewers).leave();
      case 'read':
        return this.#random.pick(this.#viewers).read(this.#random.below(4));
      case 'evict':
        return this.#evict('hibernate');
      case 'evict and close':
        return this.#evict('close');
      case 'reset':
        return abortAllDurableObjects();
      case 'wipe':
        return this.#wipe();
      case 'wrong protocol':
        return this.#tryProtocol();
    }
  }

  /** With nothing, with its own cursor, with one that is older, of the future, or forged. */
  async #connect(viewer: SimulatedViewer): Promise<void> {
    const own = viewer.state?.cursor ?? null;
    const how = this.#random.weighted({ nothing: 1, own: 6, future: 1, 'other epoch': 1, garbage: 1 });
    if (how === 'nothing' || own === null) return viewer.connect(null, true);
    if (how === 'own') return viewer.connect(own, false);
    const cursor = parseCursor(own);
    const revision = cursor.ok ? cursor.value.revision : 0;
    if (how === 'future') return viewer.connect(own.replace(/-\d+$/, `-${revision + 100_000}`), true);
    if (how === 'other epoch') return viewer.connect(`0fedcba98765-${revision}`, true);
    return viewer.connect(this.#random.pick(['', '-', 'a-01', '../x', `${own}0000000000000000`, 'x-1\r\ndata: y', `${own},${own}`]), true);
  }

  async #evict(webSockets: 'close' | 'hibernate'): Promise<void> {
    if (!this.#isEvictable) return abortAllDurableObjects();
    await evictDurableObject(roomOf(this.#line.cluster), { webSockets }).catch((error: Error) => {
      if (!error.message.includes('not currently running')) throw error;
    });
  }

  /** Somebody deletes the room's storage: its life begins anew with the next token, and nothing of the one before may be shown. */
  async #wipe(): Promise<void> {
    const { cluster, oracle } = this.#line;
    await runInDurableObject(roomOf(cluster), (_room, state) => state.storage.deleteAll());
    await this.#evict('close');
    oracle.forget();
    this.#line.token = await renew(cluster);
    for (const forwarder of this.#forwarders) forwarder.restart();
  }

  async #tryProtocol(): Promise<void> {
    const { cluster, token } = this.#line;
    for (const protocol of [OLDEST_PROTOCOL_VERSION - 1, PROTOCOL_VERSION + 1]) {
      const body = JSON.stringify({ protocol, clusterUid: 'uid-of-the-simulation', forwarder: 'simulation' });
      const answer = await call(`/api/v1/clusters/${cluster}/sessions`, { method: 'POST', headers: bearer(token), body });
      expect([protocol, answer.status]).toEqual([protocol, 426]);
    }
  }

  /** The line is good, one forwarder tells all that there is, and every viewer has read it. */
  async #comeToQuiet(): Promise<void> {
    this.#log.push('quiet');
    const { oracle } = this.#line;
    this.#line.isGood = true;
    const [first] = this.#forwarders;
    // It is at rest when a heartbeat is acknowledged, for with that the room compares digests once more (U5).
    for (let step = 0, isAtRest = false; !isAtRest; step++) {
      if (step > MOST_STEPS_TO_QUIET_COUNT) throw new Error('the forwarder does not come to rest');
      const wasDone = first.isDone;
      await first.step();
      isAtRest = wasDone && first.isDone;
    }
    for (const viewer of this.#viewers) {
      if (!viewer.isConnected) await viewer.connect(viewer.state?.cursor ?? null, false);
      while (!(await viewer.reach(oracle.cursor))) await viewer.connect(viewer.state?.cursor ?? null, false);
    }
  }

  async #compare(): Promise<void> {
    const { cluster, oracle, world } = this.#line;
    const snapshot = await snapshotOf(cluster);
    expect(snapshot.cursor, 'the head is the last acknowledged cursor').toBe(oracle.cursor);
    expect(derivedOfFacts(oracle), 'oracle and world').toEqual(derivedOfFacts(world));
    expect(derivedOf(snapshot), 'room and world').toEqual(derivedOfFacts(world));
    expect(snapshot.digest, 'the digest of forwarder and room (U5)').toBe(digestOfFacts(world));
    const shown = sorted(snapshot.hosts, snapshot.vms);
    for (const { state, fanOut } of this.#viewers) {
      expect(state?.digest, `the digest of a viewer, ${fanOut} (D6)`).toBe(snapshot.digest);
      expect(sorted([...(state?.hosts.values() ?? [])], [...(state?.vms.values() ?? [])]), `a viewer, ${fanOut}`).toEqual(shown);
    }
    await this.#comparePast(shown);
    await this.#compareMigrations();
  }

  /** Checkpoint and segments: the present rebuilt from them, and every moment that was acknowledged. */
  async #comparePast(shown: unknown): Promise<void> {
    const { cluster, oracle } = this.#line;
    const path = `/api/v1/clusters/${cluster}`;
    const { frames, oldest } = await getJson<FramesAnswer>(`${path}/frames?limit=1000`);
    const first = frames[0];
    if (first === undefined) return;
    const base = await getJson<Snapshot>(`${path}?at=${first.at}`);
    const rest = frames.slice(1 + frames.findIndex(({ to }) => to === base.cursor));
    expect(base.cursor === oldest || frames.some(({ to }) => to === base.cursor), 'the past begins in the log').toBe(true);
    const state = stateOf(base);
    for (const frame of rest) {
      expect(applyFrame(state, frame).ok, `frame ${frame.to} follows`).toBe(true);
      const then = oracle.past.get(frame.to);
      if (then === undefined) throw new Error(`nobody was told of ${frame.to}`);
      expect(derivedOf({ hosts: state.hosts.values(), vms: state.vms.values() }), `at ${frame.to}`).toEqual(derivedOfFacts(then));
    }
    expect(sorted([...state.hosts.values()], [...state.vms.values()]), 'rebuilt from the log').toEqual(shown);
    const last = frames.at(-1) ?? first;
    const past = await getJson<Snapshot>(`${path}?at=${last.at}`);
    expect(past.cursor, 'the past of now').toBe(oracle.cursor);
    expect(sorted(past.hosts, past.vms), 'rebuilt by the room').toEqual(shown);
  }

  /** Every end that was acknowledged is there, once, and is known. */
  async #compareMigrations(): Promise<void> {
    const { cluster, oracle } = this.#line;
    const { finished } = await getJson<MigrationsAnswer>(`/api/v1/clusters/${cluster}/migrations?limit=1000`);
    const known = finished.filter(({ outcome }) => outcome !== 'unknown').map(({ id }) => id);
    expect(known.toSorted()).toEqual([...oracle.ended].toSorted());
  }
}

interface FramesAnswer {
  readonly oldest: string | null;
  readonly frames: readonly Frame[];
}

interface MigrationsAnswer {
  readonly finished: readonly { readonly id: string; readonly outcome: string }[];
}

async function getJson<Value>(path: string): Promise<Value> {
  const answer = await call(path);
  if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}
