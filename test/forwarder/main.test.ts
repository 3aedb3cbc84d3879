/** The program as it is started: exit codes, one clear line for what cannot work, a quiet end on a signal. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { type ServedCluster, serveCluster } from '../../simulator/api-server.ts';
import { createCluster } from '../../simulator/cluster.ts';
import { makeFolder, removeFolder } from '../support/folder.ts';
import { EdgeDouble, TOKEN } from './edge-double.ts';

/** Each test starts a program or two, on a machine that may be busy. */
vi.setConfig({ testTimeout: 60_000 });

const MAIN = fileURLToPath(new URL('../../forwarder/main.ts', import.meta.url));
let folder: string;
let edge: EdgeDouble;
let served: ServedCluster;

beforeAll(async () => {
  folder = await makeFolder('forwarder');
  edge = await EdgeDouble.start();
  served = await serveCluster(createCluster({ name: 'harvester', hosts: 3, vms: 3, seed: 1 }));
  await writeFile(join(folder, 'good'), served.kubeconfig);
  await writeFile(join(folder, 'away'), served.kubeconfig.replace(served.url, 'http://127.0.0.1:9'));
  await writeFile(join(folder, 'broken'), 'clusters: [');
  await writeFile(join(folder, 'token'), `${TOKEN}\n`);
  await writeFile(join(folder, 'empty-token'), '\n');
});
afterAll(async () => {
  await edge.close();
  await served.close();
  await removeFolder(folder);
});

const living = new Set<ChildProcess>();
/** None is left but where a test has failed. */
afterEach(() => {
  for (const child of living) child.kill('SIGKILL');
});

interface Program {
  readonly child: ChildProcess;
  /** `output`: both streams as they came. */
  readonly ended: Promise<{ code: number | null; output: string; stdout: string }>;
}

function startProgram(args: readonly string[], env: Record<string, string> = {}): Program {
  const { PATH = '' } = process.env;
  const child = spawn(process.execPath, [MAIN, ...args], { env: { PATH, HOME: folder, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  living.add(child);
  child.once('exit', () => living.delete(child));
  let output = '';
  let stdout = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stdout.on('data', (text: string) => (stdout += text));
  return { child, ended: new Promise((resolve) => child.once('close', (code) => resolve({ code, output, stdout }))) };
}

const plain = (...more: readonly string[]): readonly string[] => ['--edge', edge.url, '--cluster', 'harvester', ...more];
const config = (name: string): readonly string[] => ['--kubeconfig', join(folder, name)];
const token = (name: string): readonly string[] => ['--token-file', join(folder, name)];

describe('what was given cannot work: one line, exit code 2', () => {
  test.each<[string, () => readonly string[], RegExp]>([
    ['no token', () => plain(...config('good')), /no token for the edge: give --token-file FILE or HOSTVIEW_TOKEN/],
    ['an absent token file', () => plain(...config('good'), ...token('absent')), /cannot read the token file .*absent/],
    ['an empty token file', () => plain(...config('good'), ...token('empty-token')), /empty-token holds no token/],
    ['an absent CA file', () => plain(...config('good'), ...token('token'), '--ca-file', join(folder, 'absent')), /the CA file .*absent/],
    [
      'a CA file without one',
      () => plain(...config('good'), ...token('token'), '--ca-file', join(folder, 'token')),
      /holds no certificate/,
    ],
    ['an absent kubeconfig', () => plain(...config('absent'), ...token('token')), /cannot read the kubeconfig .*absent/],
    ['a kubeconfig that is none', () => plain(...config('broken'), ...token('token')), /the kubeconfig .*broken is not valid/],
    ['an unknown context', () => plain(...config('good'), ...token('token'), '--context', 'prod'), /has no context "prod"; it has: /],
    ['no kubeconfig at all', () => plain(...token('token')), /no cluster to watch: .* give --kubeconfig FILE/],
  ])('%s', async (_what, args, message) => {
    const { code, output } = await startProgram(args()).ended;
    expect(output).toMatch(message);
    expect(output.trimEnd().split('\n')).toHaveLength(1);
    expect(output.startsWith('error: ')).toBe(true);
    expect(code).toBe(2);
  });
});

test('a proxy that is none: one line that does not repeat it, exit code 2', async () => {
  const args = plain(...config('good'), ...token('token'));
  const { code, output } = await startProgram(args, { HTTP_PROXY: 'ftp://me:s3cret@proxy' }).ended;
  expect([code, output]).toEqual([2, 'error: HTTP_PROXY is no URL of a proxy, such as http://proxy.example.org:3128\n']);
});

test('--help explains every flag and ends well', async () => {
  const { code, output } = await startProgram(['--help']).ended;
  expect(code).toBe(0);
  for (const flag of ['--edge', '--cluster', '--token-file', '--kubeconfig', '--context', '--log-level', '--log-format']) {
    expect(output).toContain(flag);
  }
});

test.each(['SIGTERM', 'SIGINT'] as const)('%s ends it with 0, in the middle of its watches', async (signal) => {
  const before = edge.sessions.length;
  const { child, ended } = startProgram(plain(...config('good')), { HOSTVIEW_TOKEN: TOKEN });
  await edge.until(() => edge.sessions.length > before && edge.isSynced);
  child.kill(signal);
  const { code, output } = await ended;
  expect(code).toBe(0);
  expect(output).toContain(`stopping (${signal})`);
  expect(output).not.toContain(TOKEN);
});

test('an edge that only a person can satisfy: the reason, exit code 1', async () => {
  edge.failNext({ status: 426, code: 'protocol', detail: 'speak 2' });
  const { code, output } = await startProgram(plain(...config('good'), ...token('token'), '--log-format', 'json')).ended;
  expect(code).toBe(1);
  const last = JSON.parse(output.trimEnd().split('\n').at(-1) ?? '');
  expect(last).toMatchObject({ level: 'error', message: expect.stringContaining('speak 2') });
  const lines = output
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  const told = { level: 'warn', edge: edge.url, cluster: 'harvester', status: 426, outcome: 'protocol' };
  expect(lines.find(({ level }) => level === 'warn')).toMatchObject(told);
});

describe('--check', () => {
  test('everything is there: a table, the verdict as its last line, exit code 0; nothing is sent', async () => {
    const [before, sessions] = [edge.checked.length, edge.sessions.length];
    const { code, output, stdout } = await startProgram(plain('--check', ...config('good'), ...token('token'))).ended;
    expect(output).toBe(stdout);
    const lines = stdout.trimEnd().split('\n');
    expect(lines[0]).toMatch(/^WHAT +NEEDED FOR +RESULT$/);
    expect(lines.find((line) => line.startsWith('watch virtualmachineinstances.kubevirt.io '))).toMatch(/ ok$/);
    expect(lines.find((line) => line.startsWith('token for harvester '))).toMatch(/ ok$/);
    expect(lines.at(-1)).toMatch(/^OK: all that is needed is there/);
    expect(code).toBe(0);
    expect(edge.checked.slice(before)).toEqual([expect.any(String)]);
    expect(edge.sessions).toHaveLength(sessions);
    expect(output).not.toContain(TOKEN);
  });

  test('a token that is not accepted: the row says so, the last line what to do, exit code 1', async () => {
    const { code, stdout } = await startProgram(plain('--check', ...config('good')), { HOSTVIEW_TOKEN: 'revoked' }).ended;
    expect(stdout).toMatch(/^token for harvester +to be let in +missing: 401/m);
    expect(stdout.trimEnd().split('\n').at(-1)).toMatch(/^NOT OK: .*give the token of harvester/);
    expect(stdout).not.toContain('revoked');
    expect(code).toBe(1);
  });

  test('an API server that is away: what follows is not tried, the edge is; as JSON', async () => {
    const { code, stdout } = await startProgram(plain('--check', ...config('away'), ...token('token'), '--log-format', 'json')).ended;
    const { ok, verdict, checks } = JSON.parse(stdout);
    expect(ok).toBe(false);
    expect(verdict).toContain('make the API server reachable from here');
    const resultOf = (what: string): string => checks.find((check: { what: string }) => check.what === what).result;
    expect([resultOf('get namespaces/kube-system'), resultOf('list nodes'), resultOf('token for harvester')]).toEqual([
      'failed',
      'not tried',
      'ok',
    ]);
    expect(code).toBe(1);
  });
});

describe('--once', () => {
  test('prints the derived picture as JSON, the same each time, and nothing else; needs no edge', async () => {
    const sessions = edge.sessions.length;
    const first = await startProgram(['--once', ...config('good')]).ended;
    expect(first.output).toBe(first.stdout);
    const { hosts, vms, without } = JSON.parse(first.stdout);
    expect(hosts.map(({ name }: { name: string }) => name)).toEqual(['harv-1', 'harv-2', 'harv-3']);
    expect(vms).toHaveLength(3);
    expect(without).toEqual(expect.any(Array));
    expect(first.code).toBe(0);
    expect((await startProgram(['--once', ...config('good')]).ended).stdout).toBe(first.stdout);
    expect(edge.sessions).toHaveLength(sessions);
  });

  test('a cluster that cannot be reached: one line, exit code 1', async () => {
    const { code, output, stdout } = await startProgram(['--once', ...config('away')]).ended;
    expect(stdout).toBe('');
    expect(output).toMatch(/^error: cannot reach the API server http:\/\/127\.0\.0\.1:9: connection refused[^\n]*\n$/);
    expect(code).toBe(1);
  });
});

describe('--listen', () => {
  test('a port that is in use: one line, exit code 2, and nothing was begun', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const address = taken.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const sessions = edge.sessions.length;
    const { code, output } = await startProgram(plain(...config('good'), ...token('token'), '--listen', `127.0.0.1:${port}`)).ended;
    taken.close();
    expect(output).toBe(`error: cannot listen on 127.0.0.1:${port} (--listen): another program does already; give another port\n`);
    expect(code).toBe(2);
    expect(edge.sessions).toHaveLength(sessions);
  });

  /** Where it serves, once it does. */
  const portOf = ({ child }: Program): Promise<string> =>
    new Promise((resolve) => {
      let log = '';
      child.stderr?.on('data', (text: string) => {
        log += text;
        const port = /metrics on port (\d+)/.exec(log)?.[1];
        if (port !== undefined) resolve(port);
      });
    });
  const ask = async (port: string, path: string): Promise<[number, string]> => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`);
    return [response.status, await response.text()];
  };
  const untilReady = async (port: string, text: RegExp): Promise<void> => {
    for (;;) {
      const [status, answer] = await ask(port, '/readyz');
      if (status === 200 && text.test(answer)) return;
      await pause(20);
    }
  };
  const serving = ['--listen', '127.0.0.1:0'];

  test('serves probes and metrics while it runs, and ends on a signal although somebody is connected', async () => {
    const program = startProgram(plain(...config('good'), ...token('token'), ...serving));
    const port = await portOf(program);
    expect(await ask(port, '/livez')).toEqual([200, 'ok\n']);
    await untilReady(port, /^ok: the edge has the cluster\n$/);
    const [status, metrics] = await ask(port, '/metrics');
    expect(status).toBe(200);
    expect(metrics).toMatch(/^hostview_forwarder_vms 3$/m);
    expect(metrics).toMatch(/^hostview_forwarder_watch_starts_total\{kind="vmi"\} 1$/m);
    expect(metrics).not.toContain(TOKEN);
    program.child.kill('SIGTERM');
    expect((await program.ended).code).toBe(0);
  });

  test('it is not ready while the edge does not take what is sent, and says why', async () => {
    edge.failNext({ status: 404, code: 'unknown-cluster' });
    const program = startProgram(plain(...config('good'), ...token('token'), ...serving));
    const port = await portOf(program);
    const reason = 'does not know the cluster harvester; register it there';
    for (;;) {
      const [status, text] = await ask(port, '/readyz');
      expect(status).toBe(503);
      if (text.includes(reason)) break;
      await pause(20);
    }
    expect(await ask(port, '/livez')).toEqual([200, 'ok\n']);
    expect((await ask(port, '/metrics'))[1]).toMatch(/^hostview_forwarder_answers_total\{outcome="unknown-cluster"\} 1$/m);
    program.child.kill('SIGTERM');
    expect((await program.ended).code).toBe(0);
  });

  test('of two replicas both are ready, the standby since it could take over, which it does', async () => {
    const lease = ['--lease', 'default/hostview'];
    const args = plain(...config('good'), ...token('token'), ...serving, ...lease);
    const first = startProgram([...args, '--identity', 'first']);
    const firstPort = await portOf(first);
    await untilReady(firstPort, /^ok: leading, the edge has the cluster\n$/);
    const second = startProgram([...args, '--identity', 'second']);
    const secondPort = await portOf(second);
    await untilReady(secondPort, /^ok: standing by, first_\w+ is leading\n$/);
    const [, standing] = await ask(secondPort, '/metrics');
    expect(standing).toMatch(/^hostview_forwarder_lease_leading 0$/m);
    expect(standing).toMatch(/^hostview_forwarder_watch_starts_total\{kind="vmi"\} 0$/m);
    first.child.kill('SIGTERM');
    expect((await first.ended).code).toBe(0);
    await untilReady(secondPort, /^ok: leading, the edge has the cluster\n$/);
    expect((await ask(secondPort, '/metrics'))[1]).toMatch(/^hostview_forwarder_lease_terms 1$/m);
    second.child.kill('SIGTERM');
    expect((await second.ended).code).toBe(0);
  });
});
