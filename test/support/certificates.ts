/**
 * Certificates for tests: two authorities of our own, and a server of each (localhost, edge.test, 127.0.0.1), valid until 2126. Made
 * once with openssl; the authorities' keys were thrown away, so that nothing more can be signed with them.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const fileOf = (name: string): string => fileURLToPath(new URL(`../fixtures/tls/${name}`, import.meta.url));
const read = (name: string): string => readFileSync(fileOf(name), 'utf8');

export interface TestAuthority {
  /** PEM. */
  readonly ca: string;
  readonly caFile: string;
  readonly server: { readonly cert: string; readonly key: string };
}

const authority = (ca: string, server: string): TestAuthority => ({
  ca: read(`${ca}.pem`),
  caFile: fileOf(`${ca}.pem`),
  server: { cert: read(`${server}.pem`), key: read(`${server}.key`) },
});

export const CORPORATE = authority('ca', 'server');
export const OTHER = authority('other-ca', 'other-server');
