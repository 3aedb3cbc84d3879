/** `npm run serve` and `npm run cluster` for real: the edge as others host it, and an administrator's work at it. */
import { createServer } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ClusterList } from '../../core/downlink.ts';
import { PROTOCOL_VERSION } from '../../core/protocol-version.ts';
import { ROOT } from '../../local/paths.ts';
import { serveCluster } from '../../simulator/api-server.ts';
import { createCluster } from '../../simulator/cluster.ts';
import { makeFolder, removeFolder } from '../support/folder.ts';
import { freePort } from '../support/free-port.ts';
import { commandOf, descendantsOf, isAlive, signal } from '../support/process-tree.ts';
import { startProcess, type TestProcess } from '../support/processes.ts';
import { isLong } from '../support/runs.ts';
import { ADMIN_TOKEN, eventually, startForwarderWith } from '../support/stack.ts';

const OPEN = { ADMIN_TOKEN, VIEWER_ACCESS: 'open', FORWARDER_IMAGE: 'registry.example/hostview-forwarder:0.1.0' };

let folder: string;
beforeAll(async () => {
  folder = await makeFolder('serve');
});
afterAll(() => removeFolder(folder));

const launch = (port: number, state: string, env: Readonly<Record<string, string>> = OPEN, more: readonly string[] = []): TestProcess =>
  startProcess(process.execPath, [join(ROOT, 'local/serve.ts'), '--port', String(port), '--state', join(folder, state), ...more], {
    env: { PATH: process.env.PATH, HOME: folder, ...env },
  });

async function serve(port: number, state: string, env?: Readonly<Record<string, string>>): Promise<TestProcess> {
  const run = launch(port, state, env);
  await run.waitFor(/SIGTERM stops it/);
  return run;
}

interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function cluster(edge: string, args: readonly string[], adminToken = ADMIN_TOKEN): Promise<Outcome> {
  const run = startProcess(process.execPath, [join(ROOT, 'local/cluster.ts'), ...args, '--edge', edge], {
    env: { ...process.env, HOSTVIEW_ADMIN_TOKEN: adminToken },
  });
  const streams = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) run.child[name]?.on('data', (chunk: string) => (streams[name] += chunk));
  const code = await run.exited;
  return { code: Number(code), ...streams };
}

const check = (edge: string, name: string, token: string): Promise<number> =>
  fetch(`${edge}/api/v1/clusters/${name}/uplink?protocol=${PROTOCOL_VERSION}`, { headers: { authorization: `Bearer ${token}` } }).then(
    async (answer) => {
      await answer.body?.cancel();
      return answer.status;
    },
  );

describe('the edge at home', () => {
  test('keeps clusters and their epochs, whoever ends what; nothing outlives it', async () => {
    const port = await freePort();
    const edge = `http://127.0.0.1:${port}`;
    const list = async (): Promise<ClusterList> => JSON.parse((await cluster(edge, ['list', '--json'])).stdout) as ClusterList;
    const kubernetes = await serveCluster(createCluster({ name: 'lab', hosts: 3, vms: 4, seed: 1 }));
    let run = await serve(port, 'kept');
    let forwarder: TestProcess | null = null;
    const family: number[] = [];
    const children = (): readonly number[] => {
      const found = descendantsOf(run.child.pid ?? 0).filter((pid) => commandOf(pid).includes('workerd serve'));
      family.push(...found);
      return found;
    };
    const untilAllGone = () =>
      eventually(
        () => family.filter(isAlive).map(commandOf),
        (left) => left.length === 0,
        'workerd is gone',
      );
    try {
      const { stdout: token } = await cluster(edge, ['add', 'lab', '--display-name', 'The lab', '--token']);
      expect(token).toMatch(/^\S{40,}\n$/);
      forwarder = await startForwarderWith(edge, 'lab', token.trim(), kubernetes.kubeconfig);
      const before = await eventually(list, ({ clusters }) => clusters[0]?.vms.total === 4, 'the VMs are there');
      const epochOf = ({ clusters }: ClusterList): string | undefined => clusters[0]?.cursor?.split('-')[0];
      expect(epochOf(before)).toMatch(/./);
      await forwarder.stop();

      const first = children();
      expect(first).toHaveLength(1);
      for (const pid of first) signal(pid, 'SIGKILL');
      expect(epochOf(await eventually(list, () => true, 'workerd was started again'))).toBe(epochOf(before));

      expect(children()).toHaveLength(1);
      // To the parent alone, from here on.
      signal(run.child.pid ?? 0, 'SIGKILL');
      await untilAllGone();
      await run.exited;

      run = await serve(port, 'kept');
      expect(epochOf(await list())).toBe(epochOf(before));
      expect((await cluster(edge, ['list'])).stdout).toMatch(/^lab +(live|stale) +3\/3 +4 +0 +0 +The lab$/m);
      expect(await check(edge, 'lab', token.trim())).toBe(200);
      expect(children()).toHaveLength(1);
      signal(run.child.pid ?? 0, 'SIGTERM');
      expect(await run.exited).toBe(0);
      expect(family.filter(isAlive)).toEqual([]);
    } finally {
      await forwarder?.stop();
      await kubernetes.close();
      for (const pid of family.filter(isAlive)) signal(pid, 'SIGKILL');
      await run.stop();
    }
  });

  test.runIf(isLong)('ends when workerd hangs, so that a service manager starts it again', async () => {
    const run = await serve(await freePort(), 'hung');
    try {
      for (const pid of descendantsOf(run.child.pid ?? 0)) signal(pid, 'SIGSTOP');
      expect(await run.exited).toBe(1);
      expect(run.output()).toContain('does not answer any more');
    } finally {
      await run.stop();
    }
  });

  test('without settings nobody may look and nobody administers, and it says so', async () => {
    const port = await freePort();
    const run = await serve(port, 'closed', {});
    try {
      expect(run.output()).toMatch(/Administration is off[\s\S]*Viewing is closed/);
      expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200);
      const list = await fetch(`http://127.0.0.1:${port}/api/v1/clusters`);
      expect([list.status, ((await list.json()) as { code: string }).code]).toEqual([403, 'viewer-access-closed']);
      const { code, stderr } = await cluster(`http://127.0.0.1:${port}`, ['add', 'lab']);
      expect([code, stderr]).toEqual([1, expect.stringMatching(/ADMIN_TOKEN.*403, admin-disabled/)]);
    } finally {
      await run.stop();
    }
  });
});

describe('what is refused at once', () => {
  test.each([
    ['a secret’s file that is not there', { ADMIN_TOKEN_FILE: '/nowhere' }, /^ADMIN_TOKEN_FILE cannot be read: .*\n$/],
    ['a public address that is none', { PUBLIC_URL: 'vms.example' }, /^PUBLIC_URL takes an http or https address\.\n$/],
  ])('%s', async (_, env, message) => {
    const run = launch(await freePort(), 'refused', env);
    expect(await run.exited).toBe(2);
    expect(run.output()).toMatch(message);
  });

  test('a build that is none', async () => {
    const run = launch(await freePort(), 'refused', {}, ['--build', folder]);
    expect(await run.exited).toBe(2);
    expect(run.output()).toBe(`Nothing was built into ${folder}. Do it: npm run build\n`);
  });
});

describe('npm run cluster, and what else it meets', () => {
  let run: TestProcess;
  let edge: string;
  beforeAll(async () => {
    const port = await freePort();
    edge = `http://127.0.0.1:${port}`;
    run = await serve(port, 'administered');
  });
  afterAll(() => run.stop());

  test('a second edge on the same state, and a port that is taken', async () => {
    const second = launch(await freePort(), 'administered');
    expect(await second.exited).toBe(1);
    expect(second.output()).toMatch(new RegExp(`^Another edge runs on the state folder .* \\(process ${run.child.pid}\\)\\.\\n$`));
    const { port } = new URL(edge);
    const third = launch(Number(port), 'other');
    expect(await third.exited).toBe(1);
    expect(third.output()).toBe(`Port ${port} is taken. Choose another one: npm run serve -- --port N\n`);
  });

  test('add, rotate, revoke, remove', async () => {
    const added = await cluster(edge, ['add', 'one']);
    expect(added).toEqual({
      code: 0,
      stdout: expect.stringMatching(new RegExp(`^kubectl apply -f "${edge}/api/v1/clusters/one/install\\.yaml\\?code=\\S+"\\n$`)),
      stderr: expect.stringMatching(/^It works once, until .* \((59|60) min\)\.\n.* FORWARDER_IMAGE.*\n$/),
    });
    expect(await cluster(edge, ['add', 'one'])).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('409, cluster-exists'),
    });

    const first = (await cluster(edge, ['rotate', 'one', '--token'])).stdout.trim();
    expect(await check(edge, 'one', first)).toBe(200);
    const second = (await cluster(edge, ['rotate', 'one', '--token'])).stdout.trim();
    expect(await check(edge, 'one', second)).toBe(200);
    expect((await cluster(edge, ['rotate', 'one'])).stdout).toMatch(/^kubectl apply/);

    expect(await cluster(edge, ['revoke', 'one'])).toMatchObject({ code: 0, stdout: '', stderr: expect.stringContaining('invalid now') });
    expect(await check(edge, 'one', second)).toBe(401);

    expect(await cluster(edge, ['remove', 'one']), 'nobody agreed').toMatchObject({ code: 2, stderr: expect.stringContaining('--yes') });
    expect((await cluster(edge, ['list'])).stdout).toContain('one');
    expect(await cluster(edge, ['remove', 'one', '--yes'])).toMatchObject({ code: 0, stderr: expect.stringContaining('removed') });
    expect(await cluster(edge, ['remove', 'one', '--yes'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('404, unknown-cluster'),
    });
    expect((await cluster(edge, ['list'])).stdout).toBe('No cluster is registered.\n');
  });

  test('a wrong token, no edge, and something else at the address', async () => {
    expect(await cluster(edge, ['add', 'two'], 'wrong')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/admin token.*401, unauthorized/),
    });
    const nobody = await freePort();
    expect(await cluster(`http://127.0.0.1:${nobody}`, ['list'])).toEqual({
      code: 1,
      stdout: '',
      stderr: `http://127.0.0.1:${nobody} could not be reached (ECONNREFUSED).\n`,
    });
    const other = createServer((_, answer) => answer.end('hi'));
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as { port: number };
    expect((await cluster(`http://127.0.0.1:${port}`, ['list'])).stderr).toMatch(/not look like a Hostview edge/);
    other.close();
  });

  test('wrong arguments and no token', async () => {
    expect(await cluster(edge, ['add'])).toMatchObject({ code: 2, stderr: expect.stringContaining('Name the cluster') });
    expect(await cluster(edge, ['list'], '')).toMatchObject({ code: 2, stderr: expect.stringContaining('HOSTVIEW_ADMIN_TOKEN') });
    expect(await cluster(edge, ['list', '--admin-token-file', '/nowhere'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('cannot be read'),
    });
  });
});
