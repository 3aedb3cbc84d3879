/** One cluster, watched: a reflector per kind, which keep one Inventory. Knows whether what the Inventory says is the present. */
import { factKeyOf } from '../core/derive/fact-store.ts';
import { Inventory } from '../core/derive/inventory.ts';
import { type FactKind, type FactOf, OPTIONAL_KINDS, type OptionalKind, REQUIRED_KINDS } from '../core/facts.ts';
import { err, ok, type Result } from '../core/result.ts';
import { askedWaitMs } from './backoff.ts';
import type { Clock } from './clock.ts';
import type { KubeClient } from './kube-client.ts';
import { type FailedRequest, formatKubeFailure, isLasting, type KubeFailure, retryAfterMsOf, topicOf } from './kube-failure.ts';
import type { Log, LogFields } from './log.ts';
import { ProblemLog } from './problem-log.ts';
import { textAt } from './project/json.ts';
import { KINDS, type Projectors, projectorsWith, RESOURCES, type Resource } from './projector.ts';
import { Reflector, type ReflectorSink } from './reflector.ts';
import { NO_TELEMETRY, type WatchTelemetry } from './telemetry.ts';

export interface ClusterWatchOptions {
  readonly client: KubeClient;
  readonly log: Log;
  readonly clock: Clock;
  readonly random: () => number;
  readonly telemetry?: WatchTelemetry;
  /** The keys of the labels that are taken of VMs; none where it is missing. */
  readonly vmLabels?: readonly string[];
}

/** How one kind is watched. */
export interface KindStatus {
  /** Every change is being heard now. */
  readonly isWatching: boolean;
  /** The picture goes on without it (optional kinds only). */
  readonly isWithheld: boolean;
  /** What keeps it from being watched; null where nothing is known to. */
  readonly problem: string | null;
  /** Only a person can end the problem: a right is missing, a definition, a credential. */
  readonly isLasting: boolean;
}

const FIRST_KINDS: readonly FactKind[] = ['host', 'vmi'];
const PROBE_TIMEOUT_MS = 5_000;
const UID_TIMEOUT_MS = 10_000;
const KUBE_SYSTEM: Resource = { path: '/api/v1/namespaces/kube-system', name: 'namespaces', isKubeVirt: false, isOptional: false };

export class ClusterWatch {
  readonly inventory = new Inventory({ isWhole: false });
  readonly #options: ClusterWatchOptions;
  readonly #telemetry: WatchTelemetry;
  readonly #problems: ProblemLog;
  readonly #projectors: Projectors;
  readonly #reflectors: { readonly [Kind in FactKind]: Reflector<Kind> };
  /** Optional kinds that the picture does without for now, and why. */
  readonly #withheld = new Map<FactKind, string>();
  /** What failed last of each kind that is not watched. */
  readonly #failures = new Map<FactKind, { readonly problem: string; readonly isLasting: boolean }>();
  readonly #refusedCounts = new Map<FactKind, number>();
  /** Objects that were taken in but cannot be understood as a whole; each is shown as unknown (T7). */
  readonly #oddities = new Map<FactKind, Set<string>>(KINDS.map((kind) => [kind, new Set()]));
  readonly #vmiSynced = Promise.withResolvers<void>();
  #onChange: () => void = () => {};
  /** On the clock: the API server asked for time, so it is asked nothing besides the watches. */
  #askNotBefore = Number.NEGATIVE_INFINITY;

  constructor(options: ClusterWatchOptions) {
    this.#options = options;
    this.#telemetry = options.telemetry ?? NO_TELEMETRY;
    this.#problems = new ProblemLog(options.log, `the API server ${options.client.address} is watched again`);
    this.#projectors = projectorsWith(options.vmLabels ?? []);
    this.#reflectors = {
      host: this.#reflectorOf('host'),
      vm: this.#reflectorOf('vm'),
      vmi: this.#reflectorOf('vmi'),
      vmim: this.#reflectorOf('vmim'),
      pod: this.#reflectorOf('pod'),
      kubevirt: this.#reflectorOf('kubevirt'),
      power: this.#reflectorOf('power'),
      upgrade: this.#reflectorOf('upgrade'),
      restore: this.#reflectorOf('restore'),
    };
  }

  /**
   * All required kinds were listed and every change of them is being heard, and so with each optional one unless it is withheld. Only
   * then may anybody be told that the Inventory is how things are; before and without it, silence makes the page say so (D5).
   */
  get isWatched(): boolean {
    const isHeard = (kind: FactKind): boolean => this.#reflectors[kind].isWatching;
    return REQUIRED_KINDS.every(isHeard) && OPTIONAL_KINDS.every((kind) => isHeard(kind) || this.#withheld.has(kind));
  }

  statusOf(kind: FactKind): KindStatus {
    const failure = this.#failures.get(kind);
    return {
      isWatching: this.#reflectors[kind].isWatching,
      isWithheld: this.#withheld.has(kind),
      problem: failure?.problem ?? null,
      isLasting: failure?.isLasting ?? false,
    };
  }

  /** What is wrong with the API server now, in sentences. */
  get problems(): readonly string[] {
    return this.#problems.present;
  }

  /** How many objects cannot be understood: `refused` so far, since nothing can be joined to them, and `odd` now, shown as unknown. */
  get malformedCounts(): { readonly refused: number; readonly odd: number } {
    let refused = 0;
    for (const count of this.#refusedCounts.values()) refused += count;
    let odd = 0;
    for (const keys of this.#oddities.values()) odd += keys.size;
    return { refused, odd };
  }

  /** Until the signal is aborted. `onChange`: the Inventory or `isWatched` may have changed; called in the turn in which it did. */
  async run(signal: AbortSignal, onChange: () => void): Promise<void> {
    this.#onChange = onChange;
    signal.addEventListener('abort', () => this.#vmiSynced.resolve());
    const runAll = (kinds: readonly FactKind[]): Promise<unknown> => Promise.all(kinds.map((kind) => this.#reflectors[kind].run(signal)));
    // Where KubeVirt is not installed all of its kinds are missing. One of them says it, once.
    const then = this.#vmiSynced.promise.then(() => runAll(KINDS.filter((kind) => !FIRST_KINDS.includes(kind))));
    await Promise.all([runAll(FIRST_KINDS), then]);
  }

  /** The uid of the namespace kube-system: which cluster this really is (U1). */
  async readClusterUid(signal: AbortSignal): Promise<Result<string, null>> {
    const { client } = this.#options;
    const body = await this.#ask(KUBE_SYSTEM, UID_TIMEOUT_MS, signal);
    if (signal.aborted || body === null) return err(null);
    if (!body.ok) return this.#raise('uid', body.error, { verb: 'get', resource: KUBE_SYSTEM, address: client.address });
    const uid = uidOf(body.value);
    if (uid === undefined) {
      const failure: KubeFailure = { kind: 'malformed', detail: 'the namespace kube-system has no uid' };
      return this.#raise('uid', failure, { verb: 'get', resource: KUBE_SYSTEM, address: client.address });
    }
    this.#problems.clear('uid');
    return ok(uid);
  }

  /**
   * Whether the cluster answers now: a quiet watch alone does not prove it. One object is read, for which the API server must ask etcd;
   * `/version` and the watches are as ever while etcd hangs, and nothing can change (seen on 1.20).
   */
  async isAnswering(signal: AbortSignal): Promise<boolean> {
    const { client } = this.#options;
    const body = await this.#ask(KUBE_SYSTEM, PROBE_TIMEOUT_MS, signal);
    if (signal.aborted || body === null) return false;
    if (body.ok) this.#problems.clear('probe');
    else this.#raise('probe', body.error, { verb: 'get', resource: KUBE_SYSTEM, address: client.address });
    // A heartbeat after the next answer would vouch for watches that hang where this question did (U10).
    if (!body.ok && body.error.kind === 'unreachable') for (const kind of KINDS) this.#reflectors[kind].doubt();
    return body.ok;
  }

  /** Null while the server is left alone, as it asked for with Retry-After. */
  async #ask({ path }: Resource, timeoutMs: number, signal: AbortSignal): Promise<Result<string, KubeFailure> | null> {
    const { client, clock, random } = this.#options;
    if (clock.now() < this.#askNotBefore) return null;
    const body = await client.getText(path, { timeoutMs, signal });
    const retryAfterMs = body.ok ? null : retryAfterMsOf(body.error);
    if (retryAfterMs !== null) this.#askNotBefore = clock.now() + askedWaitMs(retryAfterMs, random());
    return body;
  }

  #raise(source: string, failure: KubeFailure, request: FailedRequest): Result<never, null> {
    this.#problems.raise(source, formatKubeFailure(failure, request), topicOf(failure, request), fieldsOf(failure, request));
    return err(null);
  }

  #reflectorOf<Kind extends FactKind>(kind: Kind): Reflector<Kind> {
    const { client, clock, random } = this.#options;
    const options = { resource: RESOURCES[kind], project: this.#projectors[kind], client, clock, random, sink: this.#sinkOf(kind) };
    return new Reflector<Kind>(options);
  }

  #sinkOf<Kind extends FactKind>(kind: Kind): ReflectorSink<Kind> {
    const { inventory } = this;
    const optional = OPTIONAL_KINDS.find((name) => name === kind);
    return {
      replace: (facts, how) => {
        this.#telemetry.listed(kind, how, facts.length);
        this.#odditiesOf(kind).clear();
        for (const fact of facts) this.#noteOddity(kind, fact);
        inventory.replace(kind, facts);
        if (kind === 'vmi') this.#vmiSynced.resolve();
      },
      set: (fact) => {
        this.#noteOddity(kind, fact);
        inventory.set(kind, fact);
      },
      remove: (fact) => {
        this.#odditiesOf(kind).delete(factKeyOf(kind, fact));
        inventory.remove(kind, fact);
      },
      opened: () => this.#telemetry.watchOpened(kind),
      heard: (type) => this.#telemetry.heard(kind, type),
      settle: () => this.#settle(),
      recovered: () => {
        this.#failures.delete(kind);
        for (const other of KINDS) if (other !== kind) this.#reflectors[other].hurry();
        if (optional === undefined) this.#problems.clear(kind);
        else this.#regain(optional);
      },
      unstreamed: (failure) => {
        const request = { verb: 'watch', resource: RESOURCES[kind], address: this.#options.client.address } as const;
        this.#options.log.debug(`lists of ${RESOURCES[kind].name} are read in pages for now: ${formatKubeFailure(failure, request)}`);
      },
      malformed: (reason) => this.#countRefused(kind, reason),
      failed: (failure, verb) => {
        const request = { verb, resource: RESOURCES[kind], address: this.#options.client.address };
        this.#telemetry.failed(kind, verb, failure);
        this.#failures.set(kind, { problem: formatKubeFailure(failure, request), isLasting: isLasting(failure) });
        if (optional === undefined) this.#raise(kind, failure, request);
        else this.#doWithout(optional, failure, request);
      },
    };
  }

  #settle(): void {
    if (this.isWatched) this.inventory.complete();
    this.#onChange();
  }

  /** What is no longer heard of an optional kind is no longer said: a host that was off may have been switched on. */
  #doWithout(kind: OptionalKind, failure: KubeFailure, request: FailedRequest): void {
    const topic = topicOf(failure, request);
    const isNews = this.#withheld.get(kind) !== topic;
    this.#withheld.set(kind, topic);
    const text = `going on without ${request.resource.name}: ${formatKubeFailure(failure, request)}`;
    this.#options.log[isNews ? 'info' : 'debug'](text, fieldsOf(failure, request));
    this.inventory.trust(kind, false);
    this.#settle();
  }

  #regain(kind: OptionalKind): void {
    if (!this.#withheld.delete(kind)) return;
    this.#options.log.info(`${RESOURCES[kind].name} is watched`, { kind, resource: RESOURCES[kind].name });
    this.inventory.trust(kind, true);
  }

  /** The first of a kind is a warning; a cluster full of them must not fill the log. */
  #noteOddity<Kind extends FactKind>(kind: Kind, fact: FactOf[Kind]): void {
    const key = factKeyOf(kind, fact);
    const oddities = this.#odditiesOf(kind);
    const reason = 'malformed' in fact ? fact.malformed : undefined;
    if (reason === undefined) oddities.delete(key);
    else if (!oddities.has(key)) {
      oddities.add(key);
      const text = `${RESOURCES[kind].name} ${key} cannot be understood: ${reason} (${oddities.size} now)`;
      this.#options.log[oddities.size === 1 ? 'warn' : 'debug'](text, { kind, resource: RESOURCES[kind].name, count: oddities.size });
    }
  }

  #odditiesOf(kind: FactKind): Set<string> {
    return this.#oddities.get(kind) ?? new Set();
  }

  #countRefused(kind: FactKind, reason: string): void {
    const count = (this.#refusedCounts.get(kind) ?? 0) + 1;
    this.#refusedCounts.set(kind, count);
    this.#telemetry.refused(kind);
    const text = `left out an object of ${RESOURCES[kind].name} that cannot be understood: ${reason}`;
    const fields = { kind, resource: RESOURCES[kind].name, count };
    this.#options.log[count === 1 ? 'warn' : 'debug'](count === 1 ? text : `${text} (${count} so far)`, fields);
  }
}

const fieldsOf = (failure: KubeFailure, { verb, resource, address }: FailedRequest): LogFields => ({
  server: address,
  resource: resource.name,
  verb,
  outcome: failure.kind,
  ...(failure.kind === 'status' && { status: failure.status }),
});

function uidOf(body: string): string | undefined {
  try {
    return textAt(JSON.parse(body), 'metadata', 'uid');
  } catch {
    return undefined;
  }
}
