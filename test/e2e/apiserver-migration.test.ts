import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { type ApiServerCluster, startApiServerCluster } from '../support/api-server-cluster.ts';
import { findKubeApiServer } from '../support/kube-apiserver.ts';
import type { TestProcess } from '../support/processes.ts';
import { type EdgeProcess, startEdgeProcess, startForwarder } from '../support/stack.ts';
import { launchWatchedBrowser } from '../support/watched-browser.ts';
import { runMigrationScenario } from './migration-scenario.ts';

const assets = findKubeApiServer();

describe.skipIf(assets === null)('T1–T5, L1–L3, P1: the original report, on a real API server', () => {
  let browser: Browser;
  let cluster: ApiServerCluster;
  let edge: EdgeProcess;
  let forwarder: TestProcess;

  beforeAll(async () => {
    browser = await launchWatchedBrowser();
    cluster = await startApiServerCluster(assets ?? '');
    edge = await startEdgeProcess();
    forwarder = await startForwarder(edge, 'lab', cluster.server.forwarderKubeConfig);
  });
  afterAll(async () => {
    await browser?.close();
    await forwarder?.stop();
    await edge?.stop();
    await cluster?.stop();
  });

  test.each(['1.6', '1.5'] as const)('an Ubuntu VM moves as KubeVirt %s writes it, and every open page shows it', async (kubevirt) => {
    const [namespace, name] = ['default', 'ubuntu-web-1'];
    const from = await cluster.placementOf(namespace, name);
    const to = cluster.hosts.find((host) => host !== from) ?? '';
    await runMigrationScenario({
      browser,
      pageUrl: `${edge.url}/c/lab`,
      vm: `${namespace}/${name}`,
      from,
      to,
      migrate: () => cluster.migrate(namespace, name, to, kubevirt),
    });
  });
});
