/** What the benchmark's browser talks to: the built page and the bare one, a snapshot, and a stream that says what it is told to say. */
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Frame } from '../core/downlink.ts';
import { type BareParts, barePage, bareScript } from './page-bare.ts';
import type { PageCluster } from './page-cluster.ts';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};
/** As the hosted edge compresses, more or less. */
const GZIP_LEVEL = 6;

export interface PageEdge {
  readonly url: string;
  /** What the bare page is made of; there is none before. */
  bare: BareParts | null;
  /** Streams that are open. */
  readonly streamCount: number;
  send(frame: Frame): void;
  /** The snapshot's bytes as they are sent, compressed, and before. */
  snapshotBytes(): { readonly wire: number; readonly json: number };
  close(): Promise<void>;
}

/** Serves the page that was built into `folder`. */
export async function startPageEdge(cluster: PageCluster, folder: string): Promise<PageEdge> {
  const streams = new Set<ServerResponse>();
  const files = new Map<string, Buffer>();
  let bare: BareParts | null = null;
  const snapshotJson = (): string => JSON.stringify(cluster.snapshot(Date.now()));

  function answer(request: IncomingMessage, response: ServerResponse): void {
    const { pathname } = new URL(request.url ?? '/', 'http://edge');
    if (pathname.endsWith('/stream')) attach(response);
    else if (pathname === '/api/v1/clusters/lab') send(response, 'application/json', gzipSync(snapshotJson(), { level: GZIP_LEVEL }));
    else if (pathname.startsWith('/api/')) response.writeHead(404).end();
    else if (pathname === '/bare.js') send(response, 'text/javascript; charset=utf-8', gzipSync(bareScript()));
    else if (pathname === '/bare') send(response, 'text/html; charset=utf-8', gzipSync(bare === null ? '' : barePage(bare, stylesheet())));
    else serveFile(pathname, response);
  }

  function attach(response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
    const { now, cursor, lastHeard } = cluster.snapshot(Date.now());
    response.write(`event: heard\ndata: ${JSON.stringify({ cursor, now, lastHeard })}\n\n`);
    streams.add(response);
    response.on('close', () => streams.delete(response));
  }

  const stylesheet = (): string => /href="([^"]+\.css)"/.exec(readFileSync(join(folder, 'index.html'), 'utf8'))?.[1] ?? '';

  function serveFile(pathname: string, response: ServerResponse): void {
    const name = extname(pathname) === '' ? 'index.html' : normalize(pathname).replace(/^(\.\.[/\\])+/, '');
    try {
      const file = files.get(name) ?? gzipSync(readFileSync(join(folder, name)), { level: 9 });
      files.set(name, file);
      send(response, TYPES[extname(name)] ?? 'application/octet-stream', file);
    } catch {
      response.writeHead(404).end();
    }
  }

  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get bare() {
      return bare;
    },
    set bare(parts) {
      bare = parts;
    },
    get streamCount() {
      return streams.size;
    },
    send(frame) {
      for (const stream of streams) stream.write(`event: frame\nid: ${frame.to}\ndata: ${JSON.stringify(frame)}\n\n`);
    },
    snapshotBytes: () => ({ wire: gzipSync(snapshotJson(), { level: GZIP_LEVEL }).length, json: Buffer.byteLength(snapshotJson()) }),
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function send(response: ServerResponse, type: string, gzipped: Buffer): void {
  response.writeHead(200, { 'content-type': type, 'content-encoding': 'gzip', 'content-length': gzipped.length }).end(gzipped);
}
