/** Asks for, takes, renews and releases the Lease: the shell around leadership.ts. */
import { err, type Result } from '../core/result.ts';
import { type Clock, sleep } from './clock.ts';
import type { LeaseName } from './config.ts';
import type { KubeClient, ObjectRequest } from './kube-client.ts';
import { type KubeFailure, retryAfterMsOf } from './kube-failure.ts';
import {
  holderOf,
  INITIAL_LEADERSHIP,
  type LeadershipState,
  type LeaseEvent,
  mayHold,
  nextLeadership,
  type Role,
  roleOf,
  timeoutMsOf,
} from './leadership.ts';
import {
  formatNewLease,
  formatReleasedLease,
  formatRenewedLease,
  formatTakenLease,
  type Lease,
  leasePathOf,
  leasesPathOf,
  parseLease,
} from './lease.ts';
import { formatLeaseFailure, type LeaseVerb, leaseTopicOf } from './lease-failure.ts';
import type { Log } from './log.ts';
import { ProblemLog } from './problem-log.ts';

export interface LeaseKeeperOptions {
  readonly client: KubeClient;
  readonly lease: LeaseName;
  /** Of this process alone. */
  readonly identity: string;
  readonly clock: Clock;
  readonly random: () => number;
  /** Wall clock, for what people read in the Lease. */
  readonly wallNow: () => Date;
  readonly log: Log;
}

/** A release that does not get through costs the others the Lease's duration; an end that is waited for costs more. */
export const RELEASE_TIMEOUT_MS = 3_000;
const RELEASE_RETRY_MS = 200;

export class LeaseKeeper {
  readonly #options: LeaseKeeperOptions;
  readonly #problems: ProblemLog;
  readonly #name: string;
  #state: LeadershipState = INITIAL_LEADERSHIP;
  #term = 0;
  #heardAt: number | null = null;
  #attemptedAt: number;
  /** What was last said of it: role and holder. */
  #told = '';

  constructor(options: LeaseKeeperOptions) {
    this.#options = options;
    this.#attemptedAt = options.clock.now();
    this.#name = `${options.lease.namespace}/${options.lease.name}`;
    this.#problems = new ProblemLog(options.log, `the Lease ${this.#name} can be read and written again`);
  }

  get role(): Role {
    return roleOf(this.#state, this.#options.clock.now());
  }

  /** 1, 2, 3 … for each time that the Lease was taken; null while it is not held. */
  get term(): number | null {
    return this.#state.name === 'holding' ? this.#term : null;
  }

  /** Null where nobody holds it, or where that is not known. */
  get holder(): string | null {
    return holderOf(this.#state);
  }

  /** When the Lease was last read or written with success, on the clock. */
  get heardAt(): number | null {
    return this.#heardAt;
  }

  /** When the last request for it ended, whatever came of it, on the clock; the start before there was one. */
  get attemptedAt(): number {
    return this.#attemptedAt;
  }

  /** What is wrong with the Lease now, in sentences. */
  get problems(): readonly string[] {
    return this.#problems.present;
  }

  /** Why it could not be taken or renewed when that was tried last; null where it could. */
  get writeProblem(): string | null {
    return this.#problems.problemOf('write');
  }

  /** Until the signal is aborted. `onChange`: role, term or holder may have changed. Release it afterwards. */
  async run(signal: AbortSignal, onChange: () => void): Promise<void> {
    const { clock, random, identity } = this.#options;
    while (!signal.aborted && this.#state.name !== 'stopped') {
      const waitMs = this.#state.notBefore - clock.now();
      if (waitMs > 0) {
        await sleep(clock, waitMs, signal);
        continue;
      }
      const event = await this.#request(this.#state, signal);
      this.#attemptedAt = clock.now();
      const before = this.#state;
      this.#state = nextLeadership(before, event, { now: clock.now(), random: random(), identity });
      // Somebody else leads: nothing has to be written.
      if (event.type === 'seen' && this.#state.name === 'standby' && this.#state.next === 'look') this.#problems.clear('write');
      if (this.#state.name === 'holding' && before.name !== 'holding') this.#term += 1;
      if (signal.aborted) return;
      this.#tell();
      onChange();
    }
  }

  /** Leaves the Lease to the others at once, where it may be this replica's; gives up after RELEASE_TIMEOUT_MS. Call it when `run` has ended. */
  async release(): Promise<void> {
    const { clock, identity, log } = this.#options;
    let state = this.#state;
    const mustRelease = mayHold(state);
    this.#state = { name: 'stopped' };
    if (!mustRelease) return;
    const limit = new AbortController();
    const cancel = clock.after(RELEASE_TIMEOUT_MS, () => limit.abort());
    // The last renewal may have arrived although its answer was not waited for; then the version is another one: look, and try again.
    while (!limit.signal.aborted && state.name !== 'stopped') {
      const lease: Lease | null = state.name === 'holding' ? state.lease : await this.#find(limit.signal);
      if (lease === null || lease.record.holder !== identity) break;
      const released = await this.#exchange('update', this.#put(formatReleasedLease(lease, this.#signature())), limit.signal);
      if (released.ok) {
        log.info(`released the Lease ${this.#name}`, this.#fields());
        break;
      }
      state = INITIAL_LEADERSHIP;
      await sleep(clock, RELEASE_RETRY_MS, limit.signal);
    }
    cancel();
    if (limit.signal.aborted) log.warn(`could not release the Lease ${this.#name} in time; it expires by itself`, this.#fields());
  }

  async #find(signal: AbortSignal): Promise<Lease | null> {
    for (;;) {
      const found = await this.#exchange('get', this.#get(), signal);
      if (found.ok) return found.value;
      if (signal.aborted || (found.error.kind === 'status' && found.error.status === 404)) return null;
      await sleep(this.#options.clock, RELEASE_RETRY_MS, signal);
    }
  }

  async #request(state: Exclude<LeadershipState, { name: 'stopped' }>, signal: AbortSignal): Promise<LeaseEvent> {
    const { clock } = this.#options;
    const sentAt = clock.now();
    const { verb, request } = this.#requestFor(state);
    const limit = new AbortController();
    const abort = (): void => limit.abort(signal.reason);
    const cancel = clock.after(timeoutMsOf(state), () => limit.abort(new DOMException('', 'TimeoutError')));
    signal.addEventListener('abort', abort);
    const answer = await this.#exchange(verb, request, limit.signal);
    cancel();
    signal.removeEventListener('abort', abort);
    if (answer.ok) {
      this.#heardAt = clock.now();
      this.#clear(verb);
      return verb === 'get' ? { type: 'seen', lease: answer.value } : { type: 'written', lease: answer.value, sentAt };
    }
    const event = eventOf(answer.error, verb, sentAt);
    if (event.type !== 'failed') {
      this.#heardAt = clock.now();
      this.#clear(verb);
    } else if (!signal.aborted) this.#raise(answer.error, verb);
    return event;
  }

  #requestFor(state: Exclude<LeadershipState, { name: 'stopped' }>): { verb: LeaseVerb; request: ObjectRequest } {
    const { lease } = this.#options;
    const signature = this.#signature();
    if (state.name === 'holding' && state.next === 'renew') {
      return { verb: 'update', request: this.#put(formatRenewedLease(state.lease, signature)) };
    }
    if (state.name === 'standby' && state.next === 'take' && state.seen !== null) {
      return { verb: 'update', request: this.#put(formatTakenLease(state.seen.lease, signature)) };
    }
    if (state.name === 'standby' && state.next === 'create') {
      return { verb: 'create', request: { method: 'POST', path: leasesPathOf(lease), body: formatNewLease(lease, signature) } };
    }
    return { verb: 'get', request: this.#get() };
  }

  async #exchange(verb: LeaseVerb, request: ObjectRequest, signal: AbortSignal): Promise<Result<Lease, KubeFailure>> {
    const body = await this.#options.client.exchange(request, { timeoutMs: MAX_REAL_TIMEOUT_MS, signal });
    if (!body.ok) return body;
    const lease = parseLease(body.value);
    return lease.ok ? lease : err({ kind: 'malformed', detail: `${verb === 'get' ? '' : 'written, but '}${lease.error}` });
  }

  #get(): ObjectRequest {
    return { method: 'GET', path: leasePathOf(this.#options.lease) };
  }

  #put(body: string): ObjectRequest {
    return { method: 'PUT', path: leasePathOf(this.#options.lease), body };
  }

  #signature() {
    return { identity: this.#options.identity, now: this.#options.wallNow() };
  }

  #fields() {
    return { lease: this.#name, identity: this.#options.identity };
  }

  /** That it can be read says nothing of whether it can be written. */
  #clear(verb: LeaseVerb): void {
    this.#problems.clear('read');
    if (verb !== 'get') this.#problems.clear('write');
  }

  #raise(failure: KubeFailure, verb: LeaseVerb): void {
    const { client, lease } = this.#options;
    const request = { verb, lease, address: client.address };
    this.#problems.raise(verb === 'get' ? 'read' : 'write', formatLeaseFailure(failure, request), leaseTopicOf(failure, request), {
      ...this.#fields(),
      verb,
    });
  }

  /** Each change of role or holder once. */
  #tell(): void {
    const { role, holder } = this;
    const words = wordsFor(role, holder, this.#name);
    if (words === null || words === this.#told) return;
    this.#told = words;
    const fields = { ...this.#fields(), ...(holder !== null && { holder }) };
    this.#options.log[role === 'doubtful' ? 'warn' : 'info'](words, fields);
  }
}

/** The keeper ends its requests by its own clock; this is only the bound that the client asks for. */
const MAX_REAL_TIMEOUT_MS = 30_000;

/** A refusal says for certain that nothing was written; everything else leaves it open. */
function eventOf(failure: KubeFailure, verb: LeaseVerb, sentAt: number): LeaseEvent {
  if (failure.kind === 'status') {
    if (verb === 'get' && failure.status === 404) return { type: 'absent' };
    if (verb !== 'get' && failure.status === 409) return { type: 'conflict' };
    // The Lease is gone; of a creation it says that the namespace is.
    if (verb === 'update' && failure.status === 404) return { type: 'conflict' };
  }
  return { type: 'failed', sentAt, retryAfterMs: retryAfterMsOf(failure) };
}

/** Null where there is nothing to say: the Lease is free, and will be somebody's in a moment. */
function wordsFor(role: Role, holder: string | null, name: string): string | null {
  switch (role) {
    case 'leading':
      return `holds the Lease ${name}: this replica forwards`;
    case 'doubtful':
      return `cannot renew the Lease ${name}: saying nothing until it can, for another replica may take over`;
    case 'standby':
      return holder === null ? null : `standing by: ${holder} holds the Lease ${name}`;
    case 'stopped':
      return null;
  }
}
