/**
 * An edge for the forwarder's tests: HTTP, the rules U1–U5 in their simplest form, and a memory of all it was told. It refuses what
 * a room refuses, so a forwarder that breaks a rule fails its test.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { digestOf, formatDigest } from '../../core/digest.ts';
import { ACCEPTS_LABELS } from '../../core/labels.ts';
import { MAX_BODY_BYTES } from '../../core/limits.ts';
import type { DerivedHost, DerivedVm, FinishedMigration } from '../../core/model.ts';
import { PROTOCOL_VERSION } from '../../core/protocol-version.ts';
import type { Batch, OpenSession } from '../../core/uplink.ts';

export interface Refusal {
  readonly status: number;
  readonly code?: string;
  readonly detail?: string;
  readonly retryAfter?: string;
}

/** What happens to the next request: a refusal; `cut`: taken in, but the answer is lost; `drop`: not even taken in. */
export type Fault = Refusal | 'cut' | 'drop';

export const TOKEN = 'the-token';

export class EdgeDouble {
  readonly sessions: OpenSession[] = [];
  /** Every batch that was taken in, in order; a repeated one is not taken in twice. */
  readonly batches: Batch[] = [];
  readonly repeated: number[] = [];
  readonly refused: string[] = [];
  /** The uids with which it was asked what a session would be answered. */
  readonly checked: (string | null)[] = [];
  readonly finished: FinishedMigration[] = [];
  readonly #server = createServer((request, response) => void this.#serve(request, response));
  readonly #waiting = new Set<() => void>();
  #isAway = false;
  readonly #faults: Fault[] = [];
  #hosts = new Map<string, DerivedHost>();
  #vms = new Map<string, DerivedVm>();
  #session = 0;
  #number = 0;
  #lastBody = '';
  #lastAnswer = '';
  #isSynced = false;
  #staged: { hosts: DerivedHost[]; vms: DerivedVm[]; finished: FinishedMigration[]; parts: number } | null = null;
  #clusterUid: string | null = null;
  #port = 0;
  /** Answers `resync` to changes and heartbeats although nothing is wrong. */
  claimsDrift = false;
  /** What it says that it takes besides; an old one says nothing. */
  accepts: readonly string[] | undefined = [ACCEPTS_LABELS];
  /** Forgets what was staged before the next commit, and so does not commit. */
  losesStaged = false;

  static async start(): Promise<EdgeDouble> {
    const edge = new EdgeDouble();
    await edge.#listen();
    return edge;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  get hosts(): ReadonlyMap<string, DerivedHost> {
    return this.#hosts;
  }

  get vms(): ReadonlyMap<string, DerivedVm> {
    return this.#vms;
  }

  get isSynced(): boolean {
    return this.#isSynced;
  }

  #listen(): Promise<void> {
    // A kept connection that is closed just as it is used again would be an answer lost, which no test asked for.
    this.#server.keepAliveTimeout = 0;
    this.#server.on('connection', (socket) => this.#isAway && socket.destroy());
    return new Promise((resolve) => {
      this.#server.listen(0, '127.0.0.1', () => {
        const address = this.#server.address();
        if (typeof address === 'object' && address !== null) this.#port = address.port;
        resolve();
      });
    });
  }

  /** Breaks off every connection until `comeBack`. What it knows, it keeps; so it does its port, which others would be given. */
  goAway(): void {
    this.#isAway = true;
    this.#server.closeAllConnections();
  }

  comeBack(): void {
    this.#isAway = false;
  }

  close(): Promise<void> {
    this.#server.closeAllConnections();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }

  failNext(...faults: readonly Fault[]): void {
    this.#faults.push(...faults);
  }

  /** Another forwarder opens a session. */
  supersede(): void {
    this.#session += 1;
    this.#isSynced = false;
  }

  /** Loses everything, as an edge that was registered anew. */
  forget(): void {
    this.#hosts = new Map();
    this.#vms = new Map();
    this.#isSynced = false;
    this.#number = 0;
    this.#clusterUid = null;
  }

  pinCluster(uid: string): void {
    this.#clusterUid = uid;
  }

  /** Resolves once the condition holds; it is looked at after each request. */
  until(condition: () => boolean): Promise<void> {
    if (condition()) return Promise.resolve();
    return new Promise((resolve) => {
      const look = (): void => {
        if (!condition()) return;
        this.#waiting.delete(look);
        resolve();
      };
      this.#waiting.add(look);
    });
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of request) chunks.push(chunk as Buffer);
    } catch {
      return;
    }
    const raw = Buffer.concat(chunks);
    const body = (request.headers['content-encoding'] === 'gzip' ? gunzipSync(raw) : raw).toString('utf8');
    const fault = this.#faults.shift();
    if (fault === 'drop') request.socket.destroy();
    else if (typeof fault === 'object') this.#refuse(response, fault);
    else {
      const answer = this.#answer(request, body);
      if (fault === 'cut') request.socket.destroy();
      else if (typeof answer === 'string') response.writeHead(200, { 'content-type': 'application/json' }).end(answer);
      else this.#refuse(response, answer);
    }
    for (const look of [...this.#waiting]) look();
  }

  #refuse(response: ServerResponse, { status, code, detail, retryAfter }: Refusal): void {
    this.refused.push(code ?? String(status));
    response.writeHead(status, {
      'content-type': 'application/problem+json',
      ...(retryAfter !== undefined && { 'retry-after': retryAfter }),
    });
    response.end(JSON.stringify({ type: 'about:blank', title: 'refused', status, code, detail }));
  }

  #answer(request: IncomingMessage, body: string): string | Refusal {
    if (request.headers.authorization !== `Bearer ${TOKEN}`) return { status: 401, code: 'unauthorized' };
    if (Buffer.byteLength(body) > MAX_BODY_BYTES) return { status: 413, code: 'too-large' };
    if (request.url?.startsWith('/api/v1/clusters/harvester/uplink?') === true) return this.#check(request.url);
    if (request.url === '/api/v1/clusters/harvester/sessions') return this.#open(JSON.parse(body));
    if (request.url === '/api/v1/clusters/harvester/batches') return this.#take(JSON.parse(body), body);
    return { status: 404, code: 'unknown-cluster' };
  }

  #check(url: string): string | Refusal {
    const clusterUid = new URLSearchParams(url.split('?')[1]).get('clusterUid');
    this.checked.push(clusterUid);
    if (this.#clusterUid !== null && clusterUid !== null && this.#clusterUid !== clusterUid) return { status: 409, code: 'other-cluster' };
    return JSON.stringify({ oldest: 1, newest: PROTOCOL_VERSION });
  }

  #open(message: OpenSession): string | Refusal {
    this.#clusterUid ??= message.clusterUid;
    if (this.#clusterUid !== message.clusterUid) return { status: 409, code: 'other-cluster' };
    this.sessions.push(message);
    this.#session += 1;
    this.#number = 0;
    this.#isSynced = false;
    this.#staged = null;
    return JSON.stringify({ session: this.#session, protocol: message.protocol, accepts: this.accepts });
  }

  #take(batch: Batch, body: string): string | Refusal {
    if (batch.session !== this.#session) return { status: 409, code: 'superseded' };
    if (batch.number === this.#number) {
      if (body !== this.#lastBody) return { status: 400, code: 'invalid', detail: 'a repeated batch with other bytes' };
      this.repeated.push(batch.number);
      return this.#lastAnswer;
    }
    if (batch.number !== this.#number + 1) return { status: 409, code: 'gap' };
    if (!this.#isSynced && (batch.kind === 'changes' || batch.kind === 'heartbeat')) return { status: 409, code: 'sync-required' };
    this.#number = batch.number;
    this.batches.push(batch);
    const resync = this.#apply(batch) || (this.claimsDrift && (batch.kind === 'changes' || batch.kind === 'heartbeat'));
    this.#lastBody = body;
    this.#lastAnswer = JSON.stringify({ number: batch.number, cursor: null, resync });
    return this.#lastAnswer;
  }

  /** True where the picture is not the forwarder's afterwards. */
  #apply(batch: Batch): boolean {
    switch (batch.kind) {
      case 'sync-part':
        this.#staged ??= { hosts: [], vms: [], finished: [], parts: 0 };
        this.#staged.hosts.push(...batch.hosts);
        this.#staged.vms.push(...batch.vms);
        this.#staged.finished.push(...batch.finished);
        this.#staged.parts += 1;
        return false;
      case 'sync-commit': {
        const staged = this.losesStaged ? null : this.#staged;
        this.#staged = null;
        this.losesStaged = false;
        if (staged?.parts !== batch.parts) return true;
        this.#hosts = new Map(staged.hosts.map((host) => [host.name, host]));
        this.#vms = new Map(staged.vms.map((vm) => [vm.id, vm]));
        this.finished.push(...staged.finished);
        this.#isSynced = true;
        break;
      }
      case 'changes':
        for (const name of batch.goneHosts) this.#hosts.delete(name);
        for (const id of batch.goneVms) this.#vms.delete(id);
        for (const host of batch.hosts) this.#hosts.set(host.name, host);
        for (const vm of batch.vms) this.#vms.set(vm.id, vm);
        this.finished.push(...batch.finished);
        break;
      case 'heartbeat':
    }
    return formatDigest(digestOf(this.#hosts.values(), this.#vms.values())) !== batch.digest;
  }
}
