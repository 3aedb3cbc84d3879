/** A simulated cluster's API server with one Lease in front of it, guarded by its version as on a real one. */
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { statusObject } from './scripted-server.ts';

export interface LeaseFront {
  readonly url: string;
  /** Who holds it; undefined where there is no Lease. */
  readonly holder: string | undefined;
  /** The holder that each write that was taken in left, in order. */
  readonly holders: readonly string[];
  /** Paths that were asked for, but the Lease's. */
  readonly paths: readonly string[];
  /** Called when a write was taken in, before it is answered. */
  onWrite: () => void;
  /** Every write is answered so until null. */
  refusal: number | null;
  /** Another replica takes it, whoever holds it. */
  take(holder: string): void;
  close(): Promise<void>;
}

interface StoredLease {
  readonly metadata: { readonly resourceVersion?: string };
  readonly spec: { readonly holderIdentity: string; readonly leaseTransitions: number };
}

/** `target`: the URL of what serves everything else. */
export async function startLeaseFront(target: string): Promise<LeaseFront> {
  let lease: StoredLease | null = null;
  let version = 0;
  const holders: string[] = [];
  const paths: string[] = [];

  function store(next: StoredLease): void {
    version += 1;
    lease = { ...next, metadata: { ...next.metadata, resourceVersion: String(version) } };
    holders.push(next.spec.holderIdentity.replace(/_.*/, ''));
    front.onWrite();
  }

  async function serveLease(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const answer = (status: number, body: unknown): void => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
    if (incoming.method === 'GET') return lease === null ? answer(404, statusObject(404, 'not found')) : answer(200, lease);
    if (front.refusal !== null) return answer(front.refusal, statusObject(front.refusal, 'no'));
    const next: StoredLease = JSON.parse(Buffer.concat(chunks).toString('utf8'));
    if (next.metadata.resourceVersion !== lease?.metadata.resourceVersion) return answer(409, statusObject(409, 'modified'));
    store(next);
    answer(200, lease);
  }

  function pass(incoming: IncomingMessage, response: ServerResponse): void {
    paths.push(incoming.url ?? '');
    const passed = request(target + incoming.url, { method: incoming.method, headers: incoming.headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      response.flushHeaders();
      answer.pipe(response);
      answer.on('error', () => response.destroy());
    });
    passed.on('error', () => response.destroy());
    response.on('close', () => passed.destroy());
    incoming.pipe(passed);
  }

  const server = createServer((incoming, response) => {
    if (incoming.url?.startsWith('/apis/coordination.k8s.io/') === true) void serveLease(incoming, response);
    else pass(incoming, response);
  });
  server.keepAliveTimeout = 0;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const front: LeaseFront = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get holder() {
      return lease?.spec.holderIdentity;
    },
    holders,
    paths,
    onWrite: () => {},
    refusal: null,
    take(holder) {
      const spec = { leaseDurationSeconds: 15, renewTime: `taken ${version}`, acquireTime: `taken ${version}`, leaseTransitions: 1 };
      store({ kind: 'Lease', metadata: {}, spec: { ...spec, holderIdentity: holder } } as StoredLease);
    },
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
  return front;
}
