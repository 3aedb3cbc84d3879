/** How a real API server is listed: 1.20 knows no lists that come as streams, says so, and is read in pages. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../forwarder/clock.ts';
import { ClusterWatch } from '../../forwarder/cluster-watch.ts';
import { createKubeClient, type KubeClient } from '../../forwarder/kube-client.ts';
import { chooseContext, parseKubeConfig } from '../../forwarder/kubeconfig.ts';
import { createLog } from '../../forwarder/log.ts';
import { RESOURCES } from '../../forwarder/projector.ts';
import { createCluster } from '../../simulator/cluster.ts';
import { findKubeApiServer, installCrds, type KubeApiServer, startKubeApiServer } from '../support/kube-apiserver.ts';
import { seedApiServer } from './seed.ts';

const assets = findKubeApiServer();

describe.skipIf(assets === null)('lists of a real API server', () => {
  const cluster = createCluster({ name: 'harvester', hosts: 3, vms: 12, seed: 1 });
  let server: KubeApiServer;
  let client: KubeClient;

  beforeAll(async () => {
    server = await startKubeApiServer(assets ?? '');
    await installCrds(server.admin);
    await seedApiServer(server.admin, cluster);
    const parsed = parseKubeConfig(server.forwarderKubeConfig, 'kubeconfig');
    const chosen = parsed.ok ? chooseContext(parsed.value, undefined, 'kubeconfig') : parsed;
    if (!chosen.ok) throw new Error(chosen.error);
    client = createKubeClient(chosen.value);
  });
  afterAll(async () => {
    client?.close();
    await server?.stop();
  });

  const { signal } = new AbortController();

  test('a list as a stream is refused with 422, in words that name what is wrong', async () => {
    const query = 'watch=1&allowWatchBookmarks=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&timeoutSeconds=30';
    expect(await client.openStream(`${RESOURCES.host.path}?${query}`, signal)).toMatchObject({
      ok: false,
      error: { kind: 'status', status: 422, message: expect.stringContaining('resourceVersionMatch') },
    });
  });

  test('a watch without a version begins with the objects too, but never tells their end', async () => {
    const stream = await client.openStream(`${RESOURCES.host.path}?watch=1&allowWatchBookmarks=true&timeoutSeconds=1`, signal);
    if (!stream.ok) throw new Error('refused');
    let text = '';
    for await (const chunk of stream.value) text += chunk.toString('utf8');
    expect(text.match(/"type":"ADDED"/g)).toHaveLength(cluster.list('nodes').length);
    expect(text).not.toContain('initial-events-end');
  });

  test('each kind is asked once, then read in pages, and watched; that is no problem to tell of', async () => {
    const lines: string[] = [];
    const log = createLog({ level: 'debug', format: 'text', write: (line) => lines.push(line), now: () => new Date() });
    const asked: string[] = [];
    const counted: KubeClient = {
      ...client,
      getText: (path, limits) => {
        asked.push(path);
        return client.getText(path, limits);
      },
    };
    const watch = new ClusterWatch({ client: counted, log, clock: systemClock, random: Math.random });
    const stopping = new AbortController();
    const watched = Promise.withResolvers<void>();
    const running = watch.run(stopping.signal, () => watch.isWatched && watched.resolve());
    await watched.promise;
    stopping.abort();
    await running;
    expect(watch.inventory.vms.size).toBe(cluster.list('virtualmachines').length);
    expect(lines.filter((line) => line.startsWith('debug: lists of nodes are read in pages'))).toHaveLength(1);
    expect(lines.filter((line) => line.startsWith('warn:'))).toEqual([]);
    expect(asked.filter((path) => path === `${RESOURCES.vm.path}?limit=500`)).toHaveLength(1);
  });
});
