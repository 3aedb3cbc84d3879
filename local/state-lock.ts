/**
 * One edge per state folder: two would write the same databases. The lock is the kernel's, on a SQLite file in the folder: it ends with the
 * process, however that ends, so it is never stale; it holds between containers that share the folder, where process ids mean nothing.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { err, ok, type Result } from '../core/result.ts';

const SQLITE_BUSY = 5;

export interface StateLock {
  release(): void;
}

/** Makes the folder where it is not there. Throws where it cannot be made or written. */
export function lockState(folder: string): Result<StateLock> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const pidFile = join(folder, 'pid');
  const lock = new DatabaseSync(join(folder, 'lock.sqlite'), { timeout: 0 });
  try {
    lock.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    lock.close();
    if ((error as { errcode?: number }).errcode !== SQLITE_BUSY) throw error;
    return err(`Another edge runs on the state folder ${folder}${describeHolder(pidFile)}.`);
  }
  writeFileSync(pidFile, `${process.pid}\n`);
  return ok({
    release: () => {
      rmSync(pidFile, { force: true });
      lock.close();
    },
  });
}

/** For whoever reads it; in another container the number is of no use, and nothing depends on it. */
function describeHolder(pidFile: string): string {
  try {
    return ` (process ${readFileSync(pidFile, 'utf8').trim()})`;
  } catch {
    return '';
  }
}
