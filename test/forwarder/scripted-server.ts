/** An HTTP server that answers each request as the test says, in order. A request beyond the script waits until there is an answer. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { KubeConfig } from '@kubernetes/client-node';
import { createKubeClient, type KubeClient } from '../../forwarder/kube-client.ts';

export type Answer = (response: ServerResponse, request: IncomingMessage) => void;

export class ScriptedServer {
  /** Method-less: all are GETs. */
  readonly requests: URL[] = [];
  readonly #answers: Answer[] = [];
  readonly #unanswered: { request: IncomingMessage; response: ServerResponse }[] = [];
  readonly #waiting = new Set<() => void>();
  /** What it answers where a reflector asks whether its version still is one; without it they are requests as any. */
  provenVersion: string | null = '1000000';
  /** How many times it was asked so. */
  proofCount = 0;
  readonly #server = createServer((request, response) => {
    if (this.provenVersion !== null && request.url?.endsWith('?limit=1')) {
      this.proofCount += 1;
      list(this.provenVersion, [])(response, request);
      return;
    }
    this.requests.push(new URL(request.url ?? '', 'http://server'));
    this.#unanswered.push({ request, response });
    this.#match();
    for (const look of [...this.#waiting]) look();
  });
  url = '';

  static start(): Promise<ScriptedServer> {
    const scripted = new ScriptedServer();
    // Else a kept connection could be closed just as it is used again, and the request come twice.
    scripted.#server.keepAliveTimeout = 0;
    return new Promise((resolve) => {
      scripted.#server.listen(0, '127.0.0.1', () => {
        const address = scripted.#server.address();
        if (typeof address === 'object' && address !== null) scripted.url = `http://127.0.0.1:${address.port}`;
        resolve(scripted);
      });
    });
  }

  /** A client as the forwarder makes it from a kubeconfig; plain http, as the simulator is served. */
  client(server = this.url): KubeClient {
    const config = new KubeConfig();
    config.loadFromClusterAndUser({ name: 'test', server, skipTLSVerify: true }, { name: 'test', token: 'secret' });
    return createKubeClient(config);
  }

  answer(...answers: readonly Answer[]): void {
    this.#answers.push(...answers);
    this.#match();
  }

  /** Resolves once this many requests have come. */
  untilRequests(count: number): Promise<void> {
    if (this.requests.length >= count) return Promise.resolve();
    return new Promise((resolve) => {
      const look = (): void => {
        if (this.requests.length < count) return;
        this.#waiting.delete(look);
        resolve();
      };
      this.#waiting.add(look);
    });
  }

  close(): Promise<void> {
    this.#server.closeAllConnections();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }

  #match(): void {
    while (this.#answers.length > 0 && this.#unanswered.length > 0) {
      const answer = this.#answers.shift();
      const next = this.#unanswered.shift();
      if (answer !== undefined && next !== undefined) answer(next.response, next.request);
    }
  }
}

export const json =
  (status: number, body: unknown, headers: Record<string, string> = {}): Answer =>
  (response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
  };

export const statusObject = (code: number, message: string, reason = ''): unknown => ({
  kind: 'Status',
  apiVersion: 'v1',
  status: 'Failure',
  code,
  message,
  reason,
});

export const failure = (code: number, message = 'no', headers: Record<string, string> = {}): Answer =>
  json(code, statusObject(code, message), headers);

export const list = (resourceVersion: string, items: readonly unknown[], next?: string): Answer =>
  json(200, { kind: 'List', metadata: { resourceVersion, ...(next !== undefined && { continue: next }) }, items });

/** A watch that is written to as the test goes on. */
export interface OpenWatch {
  readonly answer: Answer;
  /** Resolves when the request is there. */
  readonly opened: Promise<ServerResponse>;
  event(type: string, object: unknown): Promise<void>;
  /** Bytes as they are. */
  write(text: string): Promise<void>;
  /** In order. */
  end(): Promise<void>;
  /** The connection breaks off. */
  reset(): Promise<void>;
}

export function watch(): OpenWatch {
  const { promise: opened, resolve } = Promise.withResolvers<ServerResponse>();
  const write = async (text: string): Promise<void> => void (await opened).write(text);
  return {
    opened,
    answer(response) {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.flushHeaders();
      resolve(response);
    },
    write,
    event: (type, object) => write(`${JSON.stringify({ type, object })}\n`),
    end: async () => void (await opened).end(),
    reset: async () => void (await opened).socket?.destroy(),
  };
}
