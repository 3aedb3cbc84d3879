/** Finds hosts' virt-handlers and KubeVirt's authority through the API server, and remembers them for a while. */
import type { HostName } from '../../core/model.ts';
import { err, ok, type Result } from '../../core/result.ts';
import type { Clock } from '../clock.ts';
import type { KubeClient } from '../kube-client.ts';
import { formatKubeFailure, type KubeFailure } from '../kube-failure.ts';
import type { Log } from '../log.ts';
import type { Resource } from '../projector.ts';
import {
  type HandlerAddress,
  handlerAuthority,
  handlerPods,
  parseAuthority,
  parseHandlerPods,
  USUAL_NAMESPACES,
} from './handler-address.ts';

export interface FoundHandler extends HandlerAddress {
  /** PEM; null where it may not be read. */
  readonly authority: string | null;
}

export interface HandlerFinderOptions {
  readonly client: Pick<KubeClient, 'address' | 'getText'>;
  /** Of the KubeVirt object; undefined where that is not known. */
  readonly kubeVirtNamespace: () => string | undefined;
  readonly clock: Clock;
  readonly log: Log;
}

/** Pods of a DaemonSet move seldom, and a failure makes them be looked for anyway. */
const REMEMBER_MS = 10 * 60_000;
const GET_TIMEOUT_MS = 10_000;

/** A handler, and the namespace that it runs in. */
interface Place {
  readonly address: HandlerAddress;
  readonly namespace: string;
}

interface Remembered<Value> {
  readonly value: Value;
  readonly until: number;
}

export class HandlerFinder {
  readonly #options: HandlerFinderOptions;
  readonly #addresses = new Map<HostName, Remembered<Place>>();
  readonly #authorities = new Map<string, Remembered<string | null>>();
  #isUncheckedSaid = false;

  constructor(options: HandlerFinderOptions) {
    this.#options = options;
  }

  /** An error is a sentence for people, with what makes two of them the same news. */
  async find(host: HostName, signal: AbortSignal): Promise<Result<FoundHandler, { readonly problem: string; readonly topic: string }>> {
    const { clock } = this.#options;
    const known = this.#addresses.get(host);
    const isKnown = known !== undefined && clock.now() < known.until;
    const found = isKnown ? ok(known.value) : await this.#look(host, signal);
    if (!found.ok) return found;
    if (!isKnown) this.#addresses.set(host, { value: found.value, until: clock.now() + REMEMBER_MS });
    const { address, namespace } = found.value;
    const authority = await this.#authorityOf(namespace, signal);
    if (!authority.ok) return authority;
    if (authority.value === null) this.#sayUnchecked(handlerAuthority(namespace));
    return ok({ ...address, authority: authority.value });
  }

  /** What was remembered has turned out to be wrong, perhaps. */
  forget(host: HostName): void {
    const namespace = this.#addresses.get(host)?.value.namespace;
    this.#addresses.delete(host);
    if (namespace !== undefined) this.#authorities.delete(namespace);
  }

  async #look(host: HostName, signal: AbortSignal) {
    const namespace = this.#options.kubeVirtNamespace();
    const candidates = namespace === undefined ? USUAL_NAMESPACES : [namespace];
    let failure: { readonly problem: string; readonly topic: string } | null = null;
    let unchecked: Place | null = null;
    for (const candidate of candidates) {
      const listed = await this.#list(candidate, host, signal);
      if (listed.ok && listed.value !== null) {
        const place = { address: listed.value, namespace: candidate };
        if (namespace !== undefined) return ok(place);
        // A namespace of that name may be anybody's; where KubeVirt is, so is its authority.
        const authority = await this.#authorityOf(candidate, signal);
        if (authority.ok && authority.value !== null) return ok(place);
        unchecked ??= place;
      }
      if (!listed.ok) failure ??= listed.error;
    }
    if (unchecked !== null) return ok(unchecked);
    return err(failure ?? { problem: `no progress of migrations: no virt-handler runs on ${host}`, topic: 'no handler' });
  }

  async #list(namespace: string, host: HostName, signal: AbortSignal) {
    const resource = handlerPods(namespace, host);
    const body = await this.#get(resource, signal);
    if (!body.ok) return err({ problem: this.#explain('list', resource, body.error), topic: `pods ${topicOf(body.error)}` });
    const address = parseHandlerPods(body.value);
    if (address !== undefined) return ok(address);
    return err({
      problem: `no progress of migrations: the API server's list of ${resource.name} cannot be read`,
      topic: 'pods unreadable',
    });
  }

  /** PEM; null where it may not be read. */
  async #authorityOf(namespace: string, signal: AbortSignal) {
    const { clock } = this.#options;
    const known = this.#authorities.get(namespace);
    if (known !== undefined && clock.now() < known.until) return ok(known.value);
    const resource = handlerAuthority(namespace);
    const body = await this.#get(resource, signal);
    // Only where it may not be read, or is not there, is nothing checked; where reading fails it is read again.
    const isWithheld = !body.ok && body.error.kind === 'status' && (body.error.status === 403 || body.error.status === 404);
    if (!body.ok && !isWithheld)
      return err({ problem: this.#explain('get', resource, body.error), topic: `authority ${topicOf(body.error)}` });
    const authority = body.ok ? (parseAuthority(body.value) ?? null) : null;
    this.#authorities.set(namespace, { value: authority, until: clock.now() + REMEMBER_MS });
    return ok(authority);
  }

  #get({ path, query }: Resource, signal: AbortSignal): Promise<Result<string, KubeFailure>> {
    return this.#options.client.getText(query === undefined ? path : `${path}?${query}`, { timeoutMs: GET_TIMEOUT_MS, signal });
  }

  #explain(verb: 'get' | 'list', resource: Resource, failure: KubeFailure): string {
    if (failure.kind === 'status' && failure.status === 403) {
      return `no progress of migrations: not allowed to ${verb} ${resource.name}; grant it (deploy/forwarder/progress), or leave out --progress`;
    }
    return `no progress of migrations: ${formatKubeFailure(failure, { verb, resource, address: this.#options.client.address })}`;
  }

  #sayUnchecked({ name }: Resource): void {
    if (this.#isUncheckedSaid) return;
    this.#isUncheckedSaid = true;
    this.#options.log.info(
      `virt-handlers' certificates are not checked, since ${name} cannot be read; grant get on it (deploy/forwarder/progress)`,
    );
  }
}

const topicOf = (failure: KubeFailure): string => (failure.kind === 'status' ? `status ${failure.status}` : failure.kind);
