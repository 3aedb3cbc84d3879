/** The program as it is started: exit codes, one clear line for what cannot work, a quiet end on a signal. */
import { type ChildProcess, spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type ServedCluster, serveCluster } from '../../simulator/api-server.ts';
import { createCluster } from '../../simulator/cluster.ts';
import { makeFolder, removeFolder } from '../support/folder.ts';
import { EdgeDouble, TOKEN } from './edge-double.ts';

const MAIN = fileURLToPath(new URL('../../forwarder/main.ts', import.meta.url));
let folder: string;
let edge: EdgeDouble;
let served: ServedCluster;

beforeAll(async () => {
  folder = await makeFolder('forwarder');
  edge = await EdgeDouble.start();
  served = await serveCluster(createCluster({ name: 'harvester', hosts: 3, vms: 3, seed: 1 }));
  await writeFile(join(folder, 'good'), served.kubeconfig);
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
  readonly ended: Promise<{ code: number | null; output: string }>;
}

function startProgram(args: readonly string[], env: Record<string, string> = {}): Program {
  const { PATH = '' } = process.env;
  const child = spawn(process.execPath, [MAIN, ...args], { env: { PATH, HOME: folder, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  living.add(child);
  child.once('exit', () => living.delete(child));
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  return { child, ended: new Promise((resolve) => child.once('close', (code) => resolve({ code, output }))) };
}

const plain = (...more: readonly string[]): readonly string[] => ['--edge', edge.url, '--cluster', 'harvester', ...more];
const config = (name: string): readonly string[] => ['--kubeconfig', join(folder, name)];
const token = (name: string): readonly string[] => ['--token-file', join(folder, name)];

describe('what was given cannot work: one line, exit code 2', () => {
  test.each<[string, () => readonly string[], RegExp]>([
    ['no token', () => plain(...config('good')), /no token for the edge: give --token-file FILE or HOSTVIEW_TOKEN/],
    ['an absent token file', () => plain(...config('good'), ...token('absent')), /cannot read the token file .*absent/],
    ['an empty token file', () => plain(...config('good'), ...token('empty-token')), /empty-token holds no token/],
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
});
