/** Folders that tests make and delete. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** `name`: what it is for. */
export const makeFolder = (name: string): Promise<string> => mkdtemp(join(tmpdir(), `hostview-${name}-`));

/** Also one in which a program that was just killed is still writing; one that is not there is no error. */
export const removeFolder = (folder: string): Promise<void> =>
  rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
