/**
 * Several replicas and one Lease, in made-up time: requests and answers are lost or late, also until long after they were given up,
 * processes freeze, crash and stop, the server goes away, and every clock has a time and a pace of its own. No two lead at once; and
 * when the troubles end, one leads soon and for good.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  INITIAL_LEADERSHIP,
  type LeadershipState,
  type LeaseEvent,
  nextLeadership,
  roleOf,
  timeoutMsOf,
} from '../../forwarder/leadership.ts';
import {
  formatNewLease,
  formatReleasedLease,
  formatRenewedLease,
  formatTakenLease,
  type Lease,
  parseLease,
} from '../../forwarder/lease.ts';
import { createRandom } from '../../simulator/random.ts';
import { propertyTimeoutMs, runs } from '../support/runs.ts';

const NAME = { namespace: 'hostview', name: 'forwarder' };
const TROUBLE_MS = 120_000;
/** What was sent in times of trouble may arrive this much later. */
const MAX_LATE_MS = 12_000;
/** The duration of a Lease that a dead one's late request took, the grace after an outage, and a look with its retries. */
const LEADS_WITHIN_MS = MAX_LATE_MS + 15_000 + 8_000 + 5_000;
const STABLE_FOR_MS = 60_000;

interface Plan {
  readonly seed: number;
  readonly replicas: number;
  /** Of 1000 requests and answers. */
  readonly lost: number;
  /** Of 1000 requests and answers that arrive: far too late. */
  readonly late: number;
  /** How often, on average, something befalls one of them. */
  readonly mishapEveryMs: number;
}

interface Replica {
  identity: string;
  state: LeadershipState;
  /** The local clock: `offset + time × pace`. */
  readonly offset: number;
  readonly pace: number;
  frozenUntil: number;
  /** Events of an earlier life or an earlier request mean nothing. */
  request: number;
}

type Answer = { readonly type: 'lease'; readonly lease: Lease } | { readonly type: 'absent' } | { readonly type: 'conflict' };

/** Optimistic concurrency as the API server does it. */
class LeaseServer {
  #body: string | null = null;
  #version = 0;
  writes: string[] = [];

  get(): Answer {
    return this.#body === null ? { type: 'absent' } : this.#parsed();
  }

  write(body: string): Answer {
    const object = JSON.parse(body);
    const present = this.#body === null ? undefined : JSON.parse(this.#body).metadata.resourceVersion;
    if (object.metadata.resourceVersion !== present) return { type: 'conflict' };
    this.#version += 1;
    // Each write of a real clock has a time of its own.
    const spec = { ...object.spec, renewTime: `${object.spec.renewTime}-${this.#version}` };
    this.#body = JSON.stringify({ ...object, metadata: { ...object.metadata, resourceVersion: String(this.#version) }, spec });
    this.writes.push(object.spec.holderIdentity);
    return this.#parsed();
  }

  #parsed(): Answer {
    const lease = parseLease(this.#body ?? '');
    if (!lease.ok) throw new Error(lease.error);
    return { type: 'lease', lease: lease.value };
  }
}

class World {
  readonly #plan: Plan;
  readonly #random: () => number;
  readonly #server = new LeaseServer();
  readonly #replicas: Replica[];
  readonly #queue: { readonly at: number; readonly order: number; readonly run: () => void }[] = [];
  #time = 0;
  #order = 0;
  #lives = 0;
  #awayUntil = 0;
  /** What happened, for the message of a failure. */
  readonly history: string[] = [];
  readonly leaders = new Set<string>();

  constructor(plan: Plan) {
    this.#plan = plan;
    this.#random = createRandom(plan.seed).next;
    this.#replicas = Array.from({ length: plan.replicas }, () => ({
      identity: '',
      state: INITIAL_LEADERSHIP,
      offset: this.#random() * 1e9,
      pace: 0.95 + this.#random() / 10,
      frozenUntil: 0,
      request: 0,
    }));
    for (const replica of this.#replicas) this.#after(this.#random() * 3_000, () => this.#begin(replica));
    this.#planMishap();
  }

  get #isTroubled(): boolean {
    return this.#time < TROUBLE_MS;
  }

  get leading(): readonly string[] {
    return this.#replicas
      .filter(({ state, offset, pace }) => roleOf(state, offset + this.#time * pace) === 'leading')
      .map(({ identity }) => identity);
  }

  get writeCount(): number {
    return this.#server.writes.length;
  }

  runUntil(time: number): void {
    for (;;) {
      const next = this.#queue[0];
      if (next === undefined || next.at > time) break;
      this.#queue.shift();
      this.#time = next.at;
      next.run();
      const { leading } = this;
      for (const identity of leading) this.leaders.add(identity);
      if (leading.length > 1) throw new Error(`two lead at ${Math.round(this.#time)}:\n${this.history.slice(-30).join('\n')}`);
    }
    this.#time = time;
  }

  #after(delayMs: number, run: () => void): void {
    this.#queue.push({ at: this.#time + delayMs, order: this.#order++, run });
    this.#queue.sort((a, b) => a.at - b.at || a.order - b.order);
  }

  #note(text: string): void {
    this.history.push(`${Math.round(this.#time)} ${text}`);
  }

  #begin(replica: Replica): void {
    this.#lives += 1;
    replica.identity = `r${this.#replicas.indexOf(replica)}_${this.#lives}`;
    replica.state = INITIAL_LEADERSHIP;
    replica.request += 1;
    this.#act(replica);
  }

  /** When the process runs at all: a frozen one does what was due when it thaws. */
  #whenAwake(replica: Replica, run: () => void): void {
    if (this.#time >= replica.frozenUntil) run();
    else this.#after(replica.frozenUntil - this.#time, () => this.#whenAwake(replica, run));
  }

  #act(replica: Replica): void {
    const { state } = replica;
    if (state.name === 'stopped') return;
    const waitMs = Math.max(0, state.notBefore - this.#localNow(replica)) / replica.pace;
    const { request } = replica;
    this.#after(waitMs, () => this.#whenAwake(replica, () => request === replica.request && this.#send(replica)));
  }

  #send(replica: Replica): void {
    const { state, identity } = replica;
    if (state.name === 'stopped') return;
    const sentAt = this.#localNow(replica);
    replica.request += 1;
    const { request } = replica;
    const settle = (event: LeaseEvent): void =>
      this.#whenAwake(replica, () => {
        if (request !== replica.request) return;
        const moment = { now: this.#localNow(replica), random: this.#random(), identity };
        replica.state = nextLeadership(replica.state, event, moment);
        replica.request += 1;
        this.#note(`${identity} ${event.type} ${replica.state.name}`);
        this.#act(replica);
      });
    const isLook = state.next === 'look';
    const body = this.#bodyOf(state, identity);
    this.#deliver(() => {
      const answer = body === null ? this.#server.get() : this.#server.write(body);
      this.#note(`server: ${identity} ${state.next} ${answer.type}`);
      const event: LeaseEvent =
        answer.type !== 'lease'
          ? answer
          : isLook
            ? { type: 'seen', lease: answer.lease }
            : { type: 'written', lease: answer.lease, sentAt };
      this.#deliver(() => settle(event));
    });
    this.#after(timeoutMsOf(state) / replica.pace, () => settle({ type: 'failed', sentAt, retryAfterMs: null }));
  }

  #bodyOf(state: Exclude<LeadershipState, { name: 'stopped' }>, identity: string): string | null {
    const signature = { identity, now: new Date(0) };
    if (state.name === 'holding') return state.next === 'renew' ? formatRenewedLease(state.lease, signature) : null;
    if (state.next === 'create') return formatNewLease(NAME, signature);
    return state.next === 'take' && state.seen !== null ? formatTakenLease(state.seen.lease, signature) : null;
  }

  /** A message to or from the server. */
  #deliver(arrive: () => void): void {
    const isTroubled = this.#isTroubled;
    if (isTroubled && (this.#time < this.#awayUntil || this.#random() * 1000 < this.#plan.lost)) return;
    const isLate = isTroubled && this.#random() * 1000 < this.#plan.late;
    this.#after(this.#random() * (isLate ? MAX_LATE_MS : 300), arrive);
  }

  #planMishap(): void {
    this.#after(this.#random() * 2 * this.#plan.mishapEveryMs, () => {
      if (!this.#isTroubled) return;
      this.#mishap();
      this.#planMishap();
    });
  }

  #mishap(): void {
    const replica = this.#replicas[Math.floor(this.#random() * this.#replicas.length)];
    if (replica === undefined) return;
    const lengthMs = this.#random() * 40_000;
    const isFrozen = this.#time < replica.frozenUntil;
    const kind = Math.floor(this.#random() * 4);
    this.#note(`${replica.identity} ${['crashes', 'stops', 'freezes', 'the server goes away'][kind]} for ${Math.round(lengthMs)}`);
    if (kind === 3) this.#awayUntil = this.#time + lengthMs;
    else if (kind === 2) replica.frozenUntil = Math.max(replica.frozenUntil, this.#time + Math.min(lengthMs, TROUBLE_MS - this.#time));
    else if (!isFrozen && replica.state.name !== 'stopped') {
      const { state, identity } = replica;
      replica.state = { name: 'stopped' };
      replica.request += 1;
      if (kind === 1 && state.name === 'holding') {
        const body = formatReleasedLease(state.lease, { identity, now: new Date(0) });
        this.#deliver(() => this.#note(`server: ${identity} release ${this.#server.write(body).type}`));
      }
      this.#after(Math.min(lengthMs, TROUBLE_MS - this.#time), () => this.#begin(replica));
    }
  }

  #localNow({ offset, pace }: Replica): number {
    return offset + this.#time * pace;
  }
}

const plans = fc.record({
  seed: fc.integer({ min: 0, max: 2 ** 31 - 1 }),
  replicas: fc.integer({ min: 1, max: 4 }),
  lost: fc.constantFrom(0, 20, 200, 500),
  late: fc.constantFrom(0, 50, 400),
  mishapEveryMs: fc.constantFrom(2_000, 10_000, 40_000),
});

test('no two lead at once; when the troubles end one leads soon, and for good', { timeout: propertyTimeoutMs }, () => {
  let leaderCount = 0;
  fc.assert(
    fc.property(plans, (plan) => {
      const world = new World(plan);
      world.runUntil(TROUBLE_MS + LEADS_WITHIN_MS);
      const [leader] = world.leading;
      if (leader === undefined) throw new Error(`nobody leads:\n${world.history.slice(-30).join('\n')}`);
      const before = world.writeCount;
      for (let time = 1_000; time <= STABLE_FOR_MS; time += 1_000) {
        world.runUntil(TROUBLE_MS + LEADS_WITHIN_MS + time);
        expect(world.leading).toEqual([leader]);
      }
      // It was renewed, and nobody else wrote.
      expect(world.writeCount - before).toBeGreaterThanOrEqual(STABLE_FOR_MS / 5_500 - 2);
      expect(world.writeCount - before).toBeLessThanOrEqual(STABLE_FOR_MS / 4_000);
      leaderCount = Math.max(leaderCount, world.leaders.size);
    }),
    runs(1_000),
  );
  // The worlds were troubled enough for leaders to change.
  expect(leaderCount).toBeGreaterThan(3);
});
