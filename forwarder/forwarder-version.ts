/** The version that a session names, for the edge's logs: the package's. */
import { readFileSync } from 'node:fs';
import { textAt } from './project/json.ts';

export const FORWARDER_VERSION: string =
  textAt(JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')), 'version') ?? 'unknown';
