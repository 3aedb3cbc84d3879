/** A forwarder's half of the uplink for tests in Node: one cluster's facts, sent in numbered batches, and repeated where no answer came. */
import { setTimeout as pause } from 'node:timers/promises';
import { digestOf, formatDigest } from '../../core/digest.ts';
import type { DerivedHost, DerivedVm } from '../../core/model.ts';
import { PROTOCOL_VERSION } from '../../core/protocol-version.ts';
import type { Batch, BatchAnswer, SessionOpened } from '../../core/uplink.ts';

export interface UplinkClientOptions {
  readonly edgeUrl: string;
  readonly cluster: string;
  readonly token: string;
}

/** How long it waits before it repeats a request that had no answer. */
const RETRY_AFTER_MS = 20;

export class UplinkClient {
  readonly hosts = new Map<string, DerivedHost>();
  readonly vms = new Map<string, DerivedVm>();
  /** Requests that had no answer and were repeated. */
  repeated = 0;
  readonly #options: UplinkClientOptions;
  #session = 0;
  #number = 0;

  constructor(options: UplinkClientOptions) {
    this.#options = options;
  }

  get digest(): string {
    return formatDigest(digestOf(this.hosts.values(), this.vms.values()));
  }

  async sync(hosts: readonly DerivedHost[], vms: readonly DerivedVm[]): Promise<BatchAnswer> {
    const opened = await this.#post<SessionOpened>('sessions', { protocol: PROTOCOL_VERSION, clusterUid: 'uid', forwarder: 'test' });
    this.#session = opened.session;
    this.#number = 0;
    for (const one of hosts) this.hosts.set(one.name, one);
    for (const one of vms) this.vms.set(one.id, one);
    await this.#send({ kind: 'sync-part', ...this.#numbered(), hosts, vms, finished: [] });
    return this.#send({ kind: 'sync-commit', ...this.#numbered(), parts: 1, digest: this.digest });
  }

  change(vms: readonly DerivedVm[]): Promise<BatchAnswer> {
    for (const one of vms) this.vms.set(one.id, one);
    const nothing = { hosts: [], finished: [], goneHosts: [], goneVms: [] };
    return this.#send({ kind: 'changes', ...this.#numbered(), ...nothing, vms, digest: this.digest });
  }

  #numbered(): { readonly session: number; readonly number: number } {
    this.#number += 1;
    return { session: this.#session, number: this.#number };
  }

  #send(batch: Batch): Promise<BatchAnswer> {
    return this.#post('batches', batch);
  }

  /** The same bytes, until there is an answer (U2). Throws where it is refused. */
  async #post<Answer>(path: string, message: unknown): Promise<Answer> {
    const { edgeUrl, cluster, token } = this.#options;
    const body = JSON.stringify(message);
    for (;;) {
      try {
        const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
        const answer = await fetch(`${edgeUrl}/api/v1/clusters/${cluster}/${path}`, { method: 'POST', headers, body });
        const text = await answer.text();
        if (answer.ok) return JSON.parse(text) as Answer;
        if (answer.status < 500) throw new Refused(`${path}: ${answer.status} ${text}`);
      } catch (error) {
        if (error instanceof Refused) throw error;
      }
      this.repeated += 1;
      await pause(RETRY_AFTER_MS);
    }
  }
}

class Refused extends Error {}
