/** The forwarder as one file: all that it needs is in it, and the image runs that file as nobody. */
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { cp, mkdir, symlink, writeFile } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FORWARDER_VERSION } from '../../forwarder/forwarder-version.ts';
import { buildForwarder, FORWARDER_FILE } from '../../local/build-forwarder.ts';
import { ROOT } from '../../local/paths.ts';
import { serveCluster } from '../../simulator/api-server.ts';
import { createCluster } from '../../simulator/cluster.ts';
import { readDockerfile } from '../support/dockerfile.ts';
import { makeFolder, removeFolder } from '../support/folder.ts';
import { readManifest } from '../support/manifests.ts';
import { podTemplateOf } from '../support/pod-environment.ts';

const BUILD_TIMEOUT_MS = 60_000;
let folder: string;
let file: string;

beforeAll(async () => {
  folder = await makeFolder('build-forwarder');
  file = await buildForwarder(join(folder, 'built'));
}, BUILD_TIMEOUT_MS);
afterAll(() => removeFolder(folder));

/** In a folder of its own, outside the project: there are no node_modules above it. */
const run = (args: readonly string[]): Promise<{ stdout: string; stderr: string }> =>
  promisify(execFile)(process.execPath, [file, ...args], { cwd: folder, env: { HOME: folder } });

describe('the file', () => {
  test('is the only one', () => {
    expect(readdirSync(join(folder, 'built'))).toEqual([FORWARDER_FILE]);
  });

  test('asks for nothing but Node’s own modules, the parts that are loaded late included', () => {
    const text = readFileSync(file, 'utf8');
    const imported = [...text.matchAll(/^import [^'"]*['"]([^'"]+)['"];?$/gm), ...text.matchAll(/\b__require\(['"]([^'"]+)['"]\)/g)];
    // Quoted so by the bundler; the single quotes in it are those of comments.
    const late = text.matchAll(/\bimport\("([^"]+)"\)/g);
    const names = [...imported, ...late].map(([, name = '']) => name);
    expect(names.length).toBeGreaterThan(20);
    expect(names.filter((name) => !isBuiltin(name))).toEqual([]);
  });

  test('explains itself', async () => {
    const { stdout, stderr } = await run(['--help']);
    expect(stdout).toContain('--edge URL');
    expect(stderr).toBe('');
  });

  test('looks at a cluster, with the kubeconfig’s library in it', async () => {
    const served = await serveCluster(createCluster({ name: 'harvester', hosts: 3, vms: 3, seed: 1 }));
    await writeFile(join(folder, 'kubeconfig'), served.kubeconfig);
    const { stdout, stderr } = await run(['--once', '--kubeconfig', join(folder, 'kubeconfig')]);
    await served.close();
    expect(stderr).toBe('');
    expect(JSON.parse(stdout).hosts).toHaveLength(3);
  });

  test('knows its version', () => {
    expect(readFileSync(file, 'utf8')).toContain(`version: "${FORWARDER_VERSION}"`);
  });
});

describe('the image', () => {
  const [first, last] = readDockerfile('forwarder.Dockerfile');
  const copied = [...(first?.copied ?? []), ...(last?.copied ?? [])];

  test('has the file and runs it, as the user of the Deployment', () => {
    const [deployment] = readManifest('forwarder/deployment.yaml');
    if (deployment === undefined) throw new Error('no Deployment');
    const spec = podTemplateOf(deployment).spec as unknown as { securityContext: { runAsUser: number; runAsGroup: number } };
    const { runAsUser, runAsGroup } = spec.securityContext;
    expect(last?.lines).toContain(`COPY --from=build /hostview/dist/forwarder/${FORWARDER_FILE} /${FORWARDER_FILE}`);
    expect(last?.lines).toContain(`USER ${runAsUser}:${runAsGroup}`);
    expect(last?.lines).toContain(`ENTRYPOINT ["node", "/${FORWARDER_FILE}"]`);
  });

  test('is given what the build reads, and is kept from the rest', () => {
    const ignored = readFileSync(join(ROOT, '.dockerignore'), 'utf8').split('\n');
    expect(ignored).toContain('*');
    for (const path of copied) expect(ignored).toContain(`!${path}`);
    expect(copied).toEqual(expect.arrayContaining(['core', 'forwarder', 'local', 'package.json', 'package-lock.json']));
  });

  test(
    'can be built from what it is given',
    async () => {
      const context = join(folder, 'context');
      await mkdir(context);
      for (const path of copied) await cp(join(ROOT, path), join(context, path), { recursive: true });
      await symlink(join(ROOT, 'node_modules'), join(context, 'node_modules'));
      const command = first?.lines.find((line) => line.startsWith('RUN node '))?.replace('RUN node ', '') ?? '';
      await promisify(execFile)(process.execPath, command.split(' '), { cwd: context });
      expect(readdirSync(join(context, 'dist/forwarder'))).toEqual([FORWARDER_FILE]);
    },
    BUILD_TIMEOUT_MS,
  );
});
