/**
 * Stands before an edge and knows which event streams are open; can cut them, refuse everything for a while, and tell pages a wrong digest,
 * so that they say their own.
 */
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Transform } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import type { Frame } from '../../core/downlink.ts';

export interface StreamProxy {
  readonly url: string;
  /** Event streams that are open now. */
  readonly streamCount: number;
  /** Requests for one that are under way or open: it may have been given up by its page already, and still be on its way to the edge. */
  readonly askedCount: number;
  /** Streams that were asked for since it started. */
  readonly opened: number;
  /** Reports of pages that what they hold is not what the room says (D6). */
  readonly drifts: readonly string[];
  cutStreams(): void;
  /** From now on each frame names another digest than the room did: `drifts` will have what a page holds. Answers what the room said, by cursor. */
  forgeDigests(): ReadonlyMap<string, string>;
  /** Answers every request of the API with this status until null. */
  refuse(status: number | null): void;
  close(): Promise<void>;
}

const FORGED_DIGEST = '0123456789abcdef';

export async function startStreamProxy(target: string): Promise<StreamProxy> {
  const streams = new Set<ServerResponse>();
  const askedFor = new Set<ServerResponse>();
  const drifts: string[] = [];
  let opened = 0;
  const digests = new Map<string, string>();
  let isForging = false;
  let refusal: number | null = null;

  function serve(incoming: IncomingMessage, response: ServerResponse): void {
    const path = incoming.url ?? '/';
    if (refusal !== null && path.startsWith('/api/')) return void response.writeHead(refusal).end();
    if (/\/stream(\?|$)/.test(path)) askedFor.add(response);
    const drift = incoming.headers['x-hostview-drift'];
    if (typeof drift === 'string') drifts.push(drift);
    const asked = request(`${target}${path}`, { method: incoming.method, headers: incoming.headers, agent: false }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      // A stream's headers must not wait for its first event.
      response.flushHeaders();
      answer.on('error', () => response.destroy());
      if (answer.headers['content-type']?.startsWith('text/event-stream') !== true || response.destroyed) return void answer.pipe(response);
      opened += 1;
      streams.add(response);
      answer.pipe(eachEvent((text) => (isForging ? forge(text) : text))).pipe(response);
    });
    asked.on('error', () => response.destroy());
    response.on('close', () => {
      streams.delete(response);
      askedFor.delete(response);
      asked.destroy();
    });
    incoming.pipe(asked);
  }

  function forge(event: string): string {
    if (!/^event: frame$/m.test(event)) return event;
    return event.replace(/^data: (.*)$/m, (_, json: string) => {
      const frame = JSON.parse(json) as Frame;
      digests.set(frame.to, frame.digest);
      return `data: ${JSON.stringify({ ...frame, digest: FORGED_DIGEST })}`;
    });
  }

  const server = createServer(serve);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const cutStreams = (): void => {
    for (const stream of streams) stream.destroy();
  };
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get streamCount() {
      return streams.size;
    },
    get askedCount() {
      return askedFor.size;
    },
    get opened() {
      return opened;
    },
    drifts,
    cutStreams,
    forgeDigests: () => {
      isForging = true;
      return digests;
    },
    refuse: (status) => {
      refusal = status;
      if (status !== null) cutStreams();
    },
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

/** Events go on whole, each as `change` makes it. */
function eachEvent(change: (event: string) => string): Transform {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const events = (rest + decoder.write(chunk)).split('\n\n');
      rest = events.pop() ?? '';
      done(null, events.map((event) => `${change(event)}\n\n`).join(''));
    },
  });
}
