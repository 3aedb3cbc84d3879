/** A TCP proxy that can swallow: connections stay open, nothing goes through, nobody is told. */

import type { AddressInfo } from 'node:net';
import { connect, createServer, type Socket } from 'node:net';

export interface TcpProxy {
  readonly port: number;
  /** From now on nothing passes: what is open stays open and is dead for good, what is opened gets no answer. */
  swallow(): void;
  /** New connections pass again. What was swallowed stays swallowed, as behind a NAT that forgot it. */
  pass(): void;
  /** Breaks off what is open. */
  cut(): void;
  /** Connections that were opened since the proxy started. */
  readonly connectionCount: number;
  close(): Promise<void>;
}

export async function startTcpProxy(targetPort: number, targetHost = '127.0.0.1'): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  const pairs = new Set<readonly [Socket, Socket]>();
  let isSwallowing = false;
  let connectionCount = 0;

  const keep = (socket: Socket): void => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
  };
  const server = createServer((client) => {
    connectionCount++;
    keep(client);
    if (isSwallowing) return void client.resume();
    const target = connect(targetPort, targetHost);
    keep(target);
    const pair = [client, target] as const;
    pairs.add(pair);
    client.pipe(target);
    target.pipe(client);
    const drop = (): void => {
      if (!pairs.delete(pair)) return;
      client.destroy();
      target.destroy();
    };
    client.on('close', drop);
    target.on('close', drop);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  return {
    port: (server.address() as AddressInfo).port,
    get connectionCount() {
      return connectionCount;
    },
    swallow: () => {
      isSwallowing = true;
      for (const [client, target] of pairs) {
        client.unpipe(target);
        target.unpipe(client);
        client.resume();
        target.resume();
      }
      pairs.clear();
    },
    pass: () => {
      isSwallowing = false;
    },
    cut: () => {
      for (const socket of sockets) socket.destroy();
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
