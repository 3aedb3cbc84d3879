/** `npm run deploy` for real, all but the upload: an account is not to be had here. */
import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ROOT } from '../../local/paths.ts';
import { makeFolder, removeFolder } from '../support/folder.ts';

const TIMEOUT_MS = 180_000;
/** So that a dependency that creeps in is noticed. Workers take 3 MB of a free account. */
const MAX_GZIP_KIB = 130;

let temporary: string;
let output: string;

beforeAll(async () => {
  temporary = await makeFolder('deploy');
  const args = [join(ROOT, 'local/deploy.ts'), '--dry-run', '--var', 'VIEWER_ACCESS=open'];
  const env = { ...process.env, TMPDIR: temporary, ADMIN_TOKEN: 's3cret', NO_COLOR: '1', CLOUDFLARE_API_TOKEN: undefined };
  const { stdout, stderr } = await promisify(execFile)(process.execPath, args, { env });
  output = stdout + stderr;
}, TIMEOUT_MS);
afterAll(() => removeFolder(temporary));

test('what wrangler would upload has every binding and setting', () => {
  for (const binding of ['env.ROOMS (ClusterRoom)', 'env.FLEET (Fleet)', 'env.ASSETS', 'env.FAN_OUT ("bridge")'])
    expect(output).toContain(binding);
  expect(output).toMatch(/env\.VIEWER_ACCESS \("\(hidden\)"\) +Environment Variable/);
  expect(output).toMatch(/env\.ADMIN_TOKEN \("\(hidden\)"\)/);
  expect(output).toContain('--dry-run: exiting now.');
});

test('the page is in it', () => {
  expect(Number(/Read (\d+) files from the assets directory/.exec(output)?.[1])).toBeGreaterThan(4);
});

test('the bundle is small', () => {
  const gzip = Number(/gzip: ([\d.]+) KiB/.exec(output)?.[1]);
  expect(gzip).toBeGreaterThan(20);
  expect(gzip).toBeLessThan(MAX_GZIP_KIB);
});

test('no secret was printed, and no file with one is left', () => {
  expect(output).toMatch(/ADMIN_TOKEN +given/);
  expect(output).not.toContain('s3cret');
  expect(readdirSync(temporary).filter((name) => name.startsWith('hostview-deploy'))).toEqual([]);
});

test(
  'without an account nothing is built, and it says how to get one',
  async () => {
    const env = { ...process.env, HOME: temporary, TMPDIR: temporary, XDG_CONFIG_HOME: temporary, CLOUDFLARE_API_TOKEN: undefined };
    const failed = await promisify(execFile)(process.execPath, [join(ROOT, 'local/deploy.ts')], { env }).catch((error: unknown) => error);
    expect(failed).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/Cloudflare account +MISSING: npx wrangler login/),
      stderr: 'Nothing was built or uploaded.\n',
    });
  },
  TIMEOUT_MS,
);
