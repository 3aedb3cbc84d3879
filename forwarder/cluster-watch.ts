/** One cluster, watched: four reflectors that keep one Inventory. Knows whether what the Inventory says is the present. */
import { type FactKind, Inventory } from '../core/derive/inventory.ts';
import { err, ok, type Result } from '../core/result.ts';
import type { Clock } from './clock.ts';
import type { KubeClient } from './kube-client.ts';
import { type FailedRequest, formatKubeFailure, type KubeFailure, topicOf } from './kube-failure.ts';
import type { Log } from './log.ts';
import { ProblemLog } from './problem-log.ts';
import { textAt } from './project/json.ts';
import { KINDS, PROJECTORS, RESOURCES, type Resource } from './projector.ts';
import { Reflector, type ReflectorSink } from './reflector.ts';

export interface ClusterWatchOptions {
  readonly client: KubeClient;
  readonly log: Log;
  readonly clock: Clock;
  readonly random: () => number;
}

const PROBE_TIMEOUT_MS = 5_000;
const UID_TIMEOUT_MS = 10_000;
const KUBE_SYSTEM: Resource = { path: '/api/v1/namespaces/kube-system', name: 'namespaces', isKubeVirt: false };
const VERSION: Resource = { path: '/version', name: '/version', isKubeVirt: false };

export class ClusterWatch {
  readonly inventory = new Inventory();
  readonly #options: ClusterWatchOptions;
  readonly #problems: ProblemLog;
  readonly #reflectors: { readonly [Kind in FactKind]: Reflector<Kind> };
  readonly #malformedCounts = new Map<FactKind, number>();
  readonly #vmiSynced = Promise.withResolvers<void>();
  #onChange: () => void = () => {};

  constructor(options: ClusterWatchOptions) {
    this.#options = options;
    this.#problems = new ProblemLog(options.log, `the API server ${options.client.address} is watched again`);
    this.#reflectors = {
      host: this.#reflectorOf('host'),
      vm: this.#reflectorOf('vm'),
      vmi: this.#reflectorOf('vmi'),
      vmim: this.#reflectorOf('vmim'),
    };
  }

  /**
   * All four kinds were listed and every change of them is being heard. Only then may anybody be told that the Inventory is how
   * things are; before and without it, silence makes the page say so (D5).
   */
  get isWatched(): boolean {
    return KINDS.every((kind) => this.#reflectors[kind].isWatching);
  }

  /** Until the signal is aborted. `onChange`: the Inventory or `isWatched` may have changed; called in the turn in which it did. */
  async run(signal: AbortSignal, onChange: () => void): Promise<void> {
    this.#onChange = onChange;
    signal.addEventListener('abort', () => this.#vmiSynced.resolve());
    const first = [this.#reflectors.host.run(signal), this.#reflectors.vmi.run(signal)];
    // Where KubeVirt is not installed all three of its kinds are missing. One of them says it, once.
    const then = this.#vmiSynced.promise.then(() => Promise.all([this.#reflectors.vm.run(signal), this.#reflectors.vmim.run(signal)]));
    await Promise.all([...first, then]);
  }

  /** The uid of the namespace kube-system: which cluster this really is (U1). */
  async readClusterUid(signal: AbortSignal): Promise<Result<string, null>> {
    const { client } = this.#options;
    const body = await client.getText(KUBE_SYSTEM.path, { timeoutMs: UID_TIMEOUT_MS, signal });
    if (signal.aborted) return err(null);
    if (!body.ok) return this.#raise('uid', body.error, { verb: 'get', resource: KUBE_SYSTEM, address: client.address });
    const uid = uidOf(body.value);
    if (uid === undefined) {
      const failure: KubeFailure = { kind: 'malformed', detail: 'the namespace kube-system has no uid' };
      return this.#raise('uid', failure, { verb: 'get', resource: KUBE_SYSTEM, address: client.address });
    }
    this.#problems.clear('uid');
    return ok(uid);
  }

  /** Whether the API server answers now: a quiet watch alone does not prove it. */
  async isAnswering(signal: AbortSignal): Promise<boolean> {
    const { client } = this.#options;
    const body = await client.getText(VERSION.path, { timeoutMs: PROBE_TIMEOUT_MS, signal });
    if (signal.aborted) return false;
    if (body.ok) this.#problems.clear('version');
    else this.#raise('version', body.error, { verb: 'get', resource: VERSION, address: client.address });
    return body.ok;
  }

  #raise(source: string, failure: KubeFailure, request: FailedRequest): Result<never, null> {
    this.#problems.raise(source, formatKubeFailure(failure, request), topicOf(failure, request));
    return err(null);
  }

  #reflectorOf<Kind extends FactKind>(kind: Kind): Reflector<Kind> {
    const { client, clock, random } = this.#options;
    const options = { resource: RESOURCES[kind], project: PROJECTORS[kind], client, clock, random, sink: this.#sinkOf(kind) };
    return new Reflector<Kind>(options);
  }

  #sinkOf<Kind extends FactKind>(kind: Kind): ReflectorSink<Kind> {
    const { inventory } = this;
    return {
      replace: (facts) => {
        inventory.replace(kind, facts);
        if (kind === 'vmi') this.#vmiSynced.resolve();
      },
      set: (fact) => inventory.set(kind, fact),
      remove: (fact) => inventory.remove(kind, fact),
      settle: () => this.#onChange(),
      recovered: () => this.#problems.clear(kind),
      malformed: (reason) => this.#countMalformed(kind, reason),
      failed: (failure, verb) => {
        this.#raise(kind, failure, { verb, resource: RESOURCES[kind], address: this.#options.client.address });
      },
    };
  }

  /** The first of a kind is a warning; a cluster full of them must not fill the log. */
  #countMalformed(kind: FactKind, reason: string): void {
    const count = (this.#malformedCounts.get(kind) ?? 0) + 1;
    this.#malformedCounts.set(kind, count);
    const { log } = this.#options;
    const text = `left out an object of ${RESOURCES[kind].name} that cannot be understood: ${reason}`;
    if (count === 1) log.warn(text);
    else log.debug(`${text} (${count} so far)`);
  }
}

function uidOf(body: string): string | undefined {
  try {
    return textAt(JSON.parse(body), 'metadata', 'uid');
  } catch {
    return undefined;
  }
}
