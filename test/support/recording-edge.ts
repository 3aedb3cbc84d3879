/** Stands before an edge and keeps every byte that a forwarder sent: as it came over the wire, and inflated. */
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';

export interface RecordingEdge {
  readonly url: string;
  /** Bodies as they were sent. */
  readonly raw: readonly Buffer[];
  /** Heads and inflated bodies. */
  readonly texts: readonly string[];
  close(): Promise<void>;
}

export async function startRecordingEdge(target: string): Promise<RecordingEdge> {
  const raw: Buffer[] = [];
  const texts: string[] = [];
  const server = createServer(async (incoming, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    raw.push(body);
    texts.push(`${incoming.method} ${incoming.url}\n${incoming.rawHeaders.join('\n')}`);
    texts.push((incoming.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body).toString('utf8'));
    const outgoing = request(`${target}${incoming.url}`, { method: incoming.method, headers: incoming.headers, agent: false }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    outgoing.on('error', () => response.destroy());
    outgoing.end(body);
  });
  server.keepAliveTimeout = 0;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    raw,
    texts,
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
