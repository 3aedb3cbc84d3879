import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ROOT } from '../../local/paths.ts';
import { lockState, type StateLock } from '../../local/state-lock.ts';
import { makeFolder, removeFolder } from '../support/folder.ts';
import { startProcess } from '../support/processes.ts';

let folder: string;
beforeEach(async () => {
  folder = await makeFolder('lock');
});
afterEach(() => removeFolder(folder));

const lock = (state = join(folder, 'state')): StateLock => {
  const taken = lockState(state);
  if (!taken.ok) throw new Error(taken.error);
  return taken.value;
};

/** Another process that holds it until it is killed. What nothing names any more is let go of when garbage is collected. */
const HOLDER = `import { lockState } from ${JSON.stringify(join(ROOT, 'local/state-lock.ts'))};
globalThis.lock = lockState(process.argv[1]);
console.log(lock.ok ? 'held' : 'refused');
setInterval(() => {}, 1_000);`;
const hold = () => startProcess(process.execPath, ['--input-type=module', '-e', HOLDER, join(folder, 'state')]);

test('a second one is refused, with the number of the first', () => {
  const first = lock();
  expect(lockState(join(folder, 'state'))).toEqual({ ok: false, error: expect.stringContaining(`process ${process.pid}`) });
  first.release();
  lock().release();
});

test('across processes; one that was killed has let go of it', async () => {
  const other = hold();
  try {
    await other.waitFor(/^held$/m);
    expect(lockState(join(folder, 'state'))).toEqual({ ok: false, error: expect.stringContaining(`process ${other.child.pid}`) });
  } finally {
    other.kill('SIGKILL');
    await other.exited;
  }
  lock().release();
});

test('what a crash left there is no obstacle, whatever process has the number now', () => {
  const state = join(folder, 'state');
  mkdirSync(state);
  writeFileSync(join(state, 'pid'), `${process.ppid}\n`);
  lock().release();
});

test('a folder that cannot be one is an error', () => {
  writeFileSync(join(folder, 'file'), '');
  expect(() => lockState(join(folder, 'file'))).toThrow(/EEXIST|ENOTDIR/);
});
