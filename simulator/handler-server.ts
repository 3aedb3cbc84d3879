/**
 * The virt-handlers of a simulated cluster: each serves its metrics over TLS, at a port of its own on loopback, which its pod names. They
 * come into being with this call, and with them their pods and KubeVirt's authority: a cluster that is not asked for numbers has none.
 */
import { createServer, type Server } from 'node:https';
import { AUTHORITY, CERTIFICATE, KEY } from './handler-certificate.ts';
import { formatMetrics, type MeasuredMove } from './handler-measurements.ts';
import { createAuthority, createHandlerPod } from './handler-objects.ts';
import { readReady } from './host-objects.ts';
import { releaseOf } from './traits.ts';
import type { Cluster } from './types.ts';

export interface ServedHandlers {
  /** How often a handler was asked so far. */
  readonly askedCount: number;
  /** Handlers do not answer any more, or do again: their connections are cut. */
  silence(isSilent: boolean): void;
  close(): Promise<void>;
}

const LOOPBACK = '127.0.0.1';

export async function serveHandlers(cluster: Cluster): Promise<ServedHandlers> {
  const { store, clock, kubevirt } = cluster;
  let askedCount = 0;
  let isSilent = false;

  /** A handler measures the guests that it has: those of its host. */
  const movesOn = (host: string): MeasuredMove[] =>
    cluster.moves.flatMap(({ namespace, name, copyMs, busy }) => {
      const vmi = store.get('virtualmachineinstances', namespace, name);
      return vmi?.status.nodeName === host ? [{ vmi, copyMs: copyMs === null ? null : copyMs / cluster.speed, busy }] : [];
    });

  const isAlive = (host: string): boolean => {
    const node = store.get('nodes', undefined, host);
    return node !== undefined && readReady(node) !== 'Unknown';
  };

  async function serve(host: string): Promise<Server> {
    const server = createServer({ cert: CERTIFICATE, key: KEY }, (request, response) => {
      askedCount += 1;
      if (isSilent || !isAlive(host)) return void request.socket.destroy();
      if (request.method !== 'GET' || request.url !== '/metrics') return void response.writeHead(404).end();
      response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' });
      response.end(formatMetrics(kubevirt, movesOn(host), clock.now()));
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(0, LOOPBACK, () => resolve());
    });
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const plan = { uid: cluster.createUid(`virt-handler ${host}`), host, release: releaseOf(kubevirt), address: { ip: LOOPBACK, port } };
    store.create('pods', createHandlerPod(plan, clock.now()));
    return server;
  }

  store.create('configmaps', createAuthority(cluster.createUid('kubevirt-ca'), AUTHORITY, clock.now()));
  const servers = await Promise.all(cluster.list('nodes').map(({ metadata }) => serve(metadata.name)));
  return {
    get askedCount() {
      return askedCount;
    },
    silence(next) {
      isSilent = next;
    },
    async close() {
      await Promise.all(
        servers.map(
          (server) =>
            new Promise<void>((resolve) => {
              server.close(() => resolve());
              server.closeAllConnections();
            }),
        ),
      );
    },
  };
}
