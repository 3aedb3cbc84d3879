/** The edge's image, as far as it goes without a builder of images: what it is given is enough to build it and to run it. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cp, mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ROOT } from '../../local/paths.ts';
import { readCommand, readDockerfile } from '../support/dockerfile.ts';
import { makeFolder, removeFolder } from '../support/folder.ts';
import { freePort } from '../support/free-port.ts';
import { startProcess } from '../support/processes.ts';

const TIMEOUT_MS = 120_000;
const [build, image] = readDockerfile('edge.Dockerfile');
const run = promisify(execFile);

/** `paths` of this project, and its packages. */
async function makeContext(folder: string, paths: readonly string[]): Promise<void> {
  await mkdir(folder);
  for (const path of paths) await cp(join(ROOT, path), join(folder, path), { recursive: true });
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
}

test('is given what it reads, and is kept from the rest', () => {
  const ignored = readFileSync(join(ROOT, '.dockerignore'), 'utf8').split('\n');
  expect(ignored).toContain('*');
  for (const path of [...(build?.copied ?? []), ...(image?.copied ?? [])]) expect(ignored).toContain(`!${path}`);
});

test('runs as nobody, with its state in a volume, and is asked whether it is well', () => {
  expect(image?.lines).toEqual(expect.arrayContaining(['USER 65532:65532', 'VOLUME /state', 'EXPOSE 8787']));
  expect(image?.lines).toContain('RUN mkdir /state && chown 65532:65532 /state');
  expect(readCommand(image, 'ENTRYPOINT')).toEqual(['node', 'local/serve.ts', '--host', '0.0.0.0', '--state', '/state', '--build', 'dist']);
});

describe('what is in it', () => {
  let folder: string;
  let app: string;

  beforeAll(async () => {
    folder = await makeFolder('edge-image');
    const first = join(folder, 'build');
    app = join(folder, 'hostview');
    await makeContext(first, build?.copied ?? []);
    await run(process.execPath, ['local/build-main.ts'], { cwd: first });
    await makeContext(app, image?.copied ?? []);
    await cp(join(first, 'dist'), join(app, 'dist'), { recursive: true });
  }, TIMEOUT_MS);
  afterAll(() => removeFolder(folder));

  test(
    'serves, and its health check tells',
    async () => {
      const port = await freePort();
      const own = (text: string): string => text.replace('/state', join(folder, 'state')).replace('8787', String(port));
      const [, ...args] = readCommand(image, 'ENTRYPOINT').map(own);
      const [, ...health] = readCommand(image, 'HEALTHCHECK').map(own);
      const isHealthy = () =>
        run(process.execPath, health).then(
          () => true,
          () => false,
        );
      expect(await isHealthy()).toBe(false);
      const edge = startProcess(process.execPath, [...args, '--port', String(port)], {
        cwd: app,
        env: { PATH: process.env.PATH, HOME: join(folder, 'home'), ALLOWED_HOSTS: 'hostview.example.org' },
      });
      try {
        await edge.waitFor(/SIGTERM stops it/);
        expect(edge.output()).not.toContain('Building');
        expect(await isHealthy()).toBe(true);
        const page = await fetch(`http://127.0.0.1:${port}/`);
        expect([page.status, (await page.text()).includes('<html')]).toEqual([200, true]);
      } finally {
        await edge.stop();
      }
    },
    TIMEOUT_MS,
  );
});
