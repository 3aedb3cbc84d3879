import { readFile, stat, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ClusterList, Snapshot } from '../../core/downlink.ts';
import { ROOT } from '../../local/paths.ts';
import { makeFolder, removeFolder } from '../support/folder.ts';
import { freePort } from '../support/free-port.ts';
import { commandOf, descendantsOf, isAlive, parentOf, signal } from '../support/process-tree.ts';
import { startProcess, type TestProcess } from '../support/processes.ts';
import { eventually } from '../support/stack.ts';

const start = (...args: string[]): TestProcess => startProcess(process.execPath, [join(ROOT, 'local/start.ts'), ...args]);
const removeState = (port: number): Promise<void> => removeFolder(join(ROOT, '.hostview', String(port)));
const getJson = async <Body>(url: string): Promise<Body> => (await (await fetch(url)).json()) as Body;

describe('npm start', () => {
  test('shows VMs moving, says what is simulated, and Ctrl-C leaves no process', async () => {
    const port = await freePort();
    const run = start('--port', String(port), '--vms', '9', '--clusters', '2', '--speed', '20');
    try {
      await run.waitFor(/Ctrl-C stops everything/);
      expect(run.output()).toMatch(/Simulated: 2 Harvester clusters of 3 hosts and 9 VMs each/);
      expect(run.output()).toContain(`http://localhost:${port}`);
      const edge = `http://127.0.0.1:${port}`;
      const list = await eventually(
        () => getJson<ClusterList>(`${edge}/api/v1/clusters`),
        ({ clusters }) => clusters.length === 2 && clusters.every(({ vms }) => vms.total === 9),
        'both clusters are there',
      );
      expect(list.clusters.map(({ cluster }) => cluster).sort()).toEqual(['harvester', 'harvester-2']);
      await eventually(
        () => getJson<Snapshot>(`${edge}/api/v1/clusters/harvester`),
        ({ vms }) => vms.some(({ name, lastMigration }) => name.startsWith('ubuntu') && lastMigration?.outcome === 'succeeded'),
        'an Ubuntu VM has moved',
        60_000,
      );
      const { vms } = await getJson<Snapshot>(`${edge}/api/v1/clusters/harvester`);
      expect(vms.find(({ id }) => id === 'default/ubuntu-web-1')?.labels).toEqual({ app: 'web', team: 'shop', tier: 'production' });
      const tokenFile = join(ROOT, '.hostview', String(port), 'admin-token');
      const adminToken = await readFile(tokenFile, 'utf8');
      expect((await stat(tokenFile)).mode & 0o777, 'for its owner alone').toBe(0o600);
      expect(run.output()).toContain(`it is in .hostview/${port}/admin-token.`);
      expect(run.output(), 'O2').not.toContain(adminToken);
      const administered = await fetch(`${edge}/api/v1/shares`, { headers: { authorization: `Bearer ${adminToken}` } });
      expect(administered.status).toBe(200);
      const kept = (answer: Response): unknown => [answer.status, answer.headers.get('cache-control')];
      for (const path of ['/', '/c/harvester', '/elsewhere']) {
        const page = await fetch(`${edge}${path}`);
        expect(page.headers.get('content-security-policy'), path).toContain("require-trusted-types-for 'script'");
        expect(kept(page), path).toEqual([200, 'public, max-age=0, must-revalidate']);
        const script = /src="([^"]+)"/.exec(await page.text())?.[1] ?? '';
        expect(kept(await fetch(edge + script)), script).toEqual([200, 'public, max-age=31536000, immutable']);
        expect(kept(await fetch(`${edge}${script}x`)), 'a file of another version').toEqual([404, 'no-store']);
      }
      expect(await statusFor(port, `localhost:${port}`)).toBe(200);
      expect(await statusFor(port, 'evil.example'), 'DNS rebinding').toBe(403);

      const family = descendantsOf(run.child.pid ?? 0);
      expect(family.length, 'forwarders and workerd').toBeGreaterThanOrEqual(3);
      // To the parent alone: a terminal's Ctrl-C reaches everybody, but a service manager's signal does not.
      run.child.kill('SIGINT');
      expect(await run.exited).toBe(0);
      expect(family.filter(isAlive).map(commandOf)).toEqual([]);
      await expect(stat(tokenFile)).rejects.toThrow('ENOENT');
    } finally {
      await run.stop();
      await removeState(port);
    }
  });

  test('a parent that is killed takes its children along', async () => {
    const port = await freePort();
    const run = start('--port', String(port));
    let family: readonly number[] = [];
    try {
      await run.waitFor(/Ctrl-C stops everything/);
      family = descendantsOf(run.child.pid ?? 0);
      expect(family.map(commandOf).join('\n')).toMatch(/workerd serve[\s\S]*forwarder\/main/);
      signal(run.child.pid ?? 0, 'SIGKILL');
      await eventually(
        () => family.filter(isAlive).map(commandOf),
        (left) => left.length === 0,
        'no process is left',
      );
    } finally {
      for (const pid of family.filter(isAlive)) signal(pid, 'SIGKILL');
      await run.stop();
      await removeState(port);
    }
  });

  // To the parent alone, as a service manager does.
  test('a signal while it builds leaves no process', async () => {
    const port = await freePort();
    const run = start('--port', String(port));
    let family: readonly number[] = [];
    try {
      family = await eventually(
        () => descendantsOf(run.child.pid ?? 0),
        (pids) => pids.some((pid) => commandOf(pid).includes('wrangler')),
        'wrangler runs',
      );
      // A builder that was forgotten would be done in a moment, and look as if it had been ended.
      for (const builder of family.filter((pid) => parentOf(pid) === run.child.pid)) signal(builder, 'SIGSTOP');
      run.child.kill('SIGTERM');
      expect(await run.exited).toBe(0);
      await eventually(
        () => family.filter(isAlive).map(commandOf),
        (left) => left.length === 0,
        'no process is left',
      );
    } finally {
      await run.stop();
      for (const pid of family.filter(isAlive)) signal(pid, 'SIGKILL');
      await removeState(port);
    }
  });

  test('a signal as soon as the edge answers, while clusters are registered, is no failure and leaves no process', async () => {
    const port = await freePort();
    const run = start('--port', String(port), '--clusters', '20', '--vms', '3');
    try {
      await eventually(
        async () => (await fetch(`http://127.0.0.1:${port}/healthz`)).status,
        (status) => status === 200,
        'the edge answers',
        // It builds first, beside whatever else this machine does.
        90_000,
      );
      const family = descendantsOf(run.child.pid ?? 0);
      run.child.kill('SIGTERM');
      expect(await run.exited).toBe(0);
      expect(run.output()).not.toMatch(/error|did not register/i);
      expect(family.filter(isAlive).map(commandOf)).toEqual([]);
    } finally {
      await run.stop();
      await removeState(port);
    }
  });

  test('a port that is taken gives one clear line', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    const run = start('--port', String(port));
    try {
      expect(await run.exited).toBe(1);
      expect(run.output()).toBe(`Port ${port} is taken. Choose another one: npm start -- --port ${port + 1}\n`);
    } finally {
      await run.stop();
      await new Promise((resolve) => server.close(resolve));
    }
  });

  describe('bad input gets one clear line and exit code 2 or 1', () => {
    let folder: string;
    beforeAll(async () => {
      folder = await makeFolder('kubeconfig');
    });
    afterAll(() => removeFolder(folder));

    test('--help', async () => {
      const run = start('--help');
      expect(await run.exited).toBe(0);
      expect(run.output()).toContain('--kubeconfig FILE');
    });

    test('an option that does not exist', async () => {
      const run = start('--nonsense');
      expect(await run.exited).toBe(2);
      expect(run.output().trim().split('\n')).toHaveLength(1);
      expect(run.output()).toContain('--nonsense');
    });

    test('a kubeconfig that is not there', async () => {
      const run = start('--port', String(await freePort()), '--kubeconfig', join(folder, 'absent'));
      expect(await run.exited).not.toBe(0);
      expect(run.output()).toContain('there is no such file');
    });

    test('a kubeconfig that is none', async () => {
      const file = join(folder, 'none');
      await writeFile(file, 'hello: [');
      const port = await freePort();
      const run = start('--port', String(port), '--kubeconfig', file);
      expect(await run.exited).not.toBe(0);
      await removeState(port);
      expect(run.output()).toContain('not a kubeconfig');
    });
  });
});

/** The answer to a request that names another host than it goes to. */
const statusFor = (port: number, host: string): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    const asking = request({ port, host: '127.0.0.1', path: '/api/v1/clusters', headers: { host } }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    });
    asking.once('error', reject);
    asking.end();
  });
