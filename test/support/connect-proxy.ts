/** An HTTP proxy as companies have them: CONNECT and plain requests, with a password or without, of a mind to refuse or not. */
import { createServer, request } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';

export interface ConnectProxy {
  readonly port: number;
  /** What was asked for, in order: `CONNECT host:port`, or the method and URL of a plain request. */
  readonly asked: string[];
  /** Answers this to everything from now on; null: lets it through; `silent`: takes the connection and says nothing. */
  refuseWith(status: number | 'silent' | null): void;
  close(): Promise<void>;
}

/** `target`: where every host name leads to, so that no name has to be resolved. `login`: `user:password` that it wants. */
export async function startConnectProxy(target: { readonly port: number }, login?: string): Promise<ConnectProxy> {
  const asked: string[] = [];
  const sockets = new Set<Socket>();
  let refusal: number | 'silent' | null = null;
  const keep = (socket: Socket): void => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
  };
  const expected = login === undefined ? undefined : `Basic ${Buffer.from(login).toString('base64')}`;
  const refusalOf = (authorization: string | undefined): number | 'silent' | null =>
    refusal ?? (expected !== undefined && authorization !== expected ? 407 : null);

  const server = createServer((incoming, response) => {
    asked.push(`${incoming.method} ${incoming.url}`);
    const status = refusalOf(incoming.headers['proxy-authorization']);
    if (status === 'silent') return;
    if (status !== null) return void response.writeHead(status).end();
    const { pathname, search } = new URL(incoming.url ?? '');
    const outgoing = request(
      { host: '127.0.0.1', port: target.port, method: incoming.method, path: pathname + search, headers: incoming.headers },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      },
    );
    outgoing.on('error', () => response.destroy());
    incoming.pipe(outgoing);
  });
  server.on('connection', keep);
  server.on('connect', (incoming, socket: Socket) => {
    asked.push(`CONNECT ${incoming.url}`);
    const status = refusalOf(incoming.headers['proxy-authorization']);
    if (status === 'silent') return;
    if (status !== null) return void socket.end(`HTTP/1.1 ${status} No\r\ncontent-length: 0\r\n\r\n`);
    const through = connect(target.port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      socket.pipe(through);
      through.pipe(socket);
    });
    keep(through);
    through.on('close', () => socket.destroy());
    socket.on('close', () => through.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    asked,
    refuseWith(status) {
      refusal = status;
    },
    close() {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
