import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Snapshot } from '../../core/downlink.ts';
import { ROOT } from '../../local/paths.ts';
import { createCluster } from '../../simulator/cluster.ts';
import { seedApiServer } from '../apiserver/seed.ts';
import { makeFolder, removeFolder } from '../support/folder.ts';
import { freePort } from '../support/free-port.ts';
import { findKubeApiServer, installCrds, type KubeApiServer, startKubeApiServer } from '../support/kube-apiserver.ts';
import { startProcess, type TestProcess } from '../support/processes.ts';
import { eventually } from '../support/stack.ts';

const assets = findKubeApiServer();

describe.skipIf(assets === null)('npm start -- --kubeconfig FILE', () => {
  let server: KubeApiServer;
  let folder: string;
  let port: number;
  const runs: TestProcess[] = [];

  beforeAll(async () => {
    folder = await makeFolder('real');
    port = await freePort();
    server = await startKubeApiServer(assets ?? '');
    await writeFile(join(folder, 'config'), server.forwarderKubeConfig);
  });
  afterAll(async () => {
    for (const run of runs) await run.stop();
    await server?.stop();
    await removeFolder(folder);
    await removeFolder(join(ROOT, '.hostview', String(port)));
  });

  const start = (...args: string[]): TestProcess => {
    const run = startProcess(process.execPath, [
      join(ROOT, 'local/start.ts'),
      '--port',
      String(port),
      '--kubeconfig',
      join(folder, 'config'),
      ...args,
    ]);
    runs.push(run);
    return run;
  };

  test('shows a real cluster; says what is missing while KubeVirt is not installed in it', async () => {
    const run = start('--cluster', 'lab');
    await run.waitFor(/KubeVirt is not installed in this cluster: no virtualmachineinstances\.kubevirt\.io/);
    expect(run.output()).toContain('Nothing is simulated; the cluster is only read.');
    const snapshot = async (): Promise<Snapshot> =>
      (await (await fetch(`http://127.0.0.1:${port}/api/v1/clusters/lab`)).json()) as Snapshot;
    expect(await snapshot()).toMatchObject({ cursor: null, lastHeard: null, hosts: [], vms: [] });

    await installCrds(server.admin);
    const cluster = createCluster({ hosts: 3, vms: 6 });
    await seedApiServer(server.admin, cluster);
    const names = cluster.list('virtualmachines').map(({ metadata }) => `${metadata.namespace}/${metadata.name}`);
    const seen = await eventually(snapshot, ({ vms }) => vms.length === names.length, 'all VMs are there', 60_000);
    expect(seen.vms.map(({ id }) => id).sort()).toEqual(names.sort());
    expect(seen.hosts).toHaveLength(3);
    run.child.kill('SIGTERM');
    expect(await run.exited).toBe(0);
  });

  test('a context that is not in the file is one clear line', async () => {
    const run = start('--context', 'nowhere');
    expect(await run.exited).not.toBe(0);
    expect(run.output()).toMatch(/there is no context "nowhere"\. There are: /);
  });
});
