import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseCa, readCaFile } from '../../forwarder/ca-file.ts';
import { CORPORATE, OTHER } from '../support/certificates.ts';

test('a bundle is its certificates, whatever else stands in it', () => {
  const bundle = `# ours\n${CORPORATE.ca}\nsubject=CN = x\n${OTHER.ca}${CORPORATE.server.key}`;
  const parsed = parseCa(bundle, 'ca.pem');
  expect(parsed.ok && parsed.value.match(/BEGIN CERTIFICATE/g)).toHaveLength(2);
  expect(parsed.ok && parsed.value).not.toContain('PRIVATE');
});

test.each([
  ['', /^the CA file ca.pem holds no certificate; it must be PEM/],
  [CORPORATE.server.key, /holds no certificate/],
  [`${CORPORATE.ca}-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n`, /is damaged: its certificate 2 cannot be read$/],
  [' '.repeat(5_000_000), /is too large$/],
])('what is none is one clear line (%#)', (text, message) => {
  const parsed = parseCa(text, 'ca.pem');
  expect(parsed.ok ? 'accepted' : parsed.error).toMatch(message);
});

test('a file that is not there is named', () => {
  const file = join(CORPORATE.caFile, '..', 'missing.pem');
  const read = readCaFile(file);
  expect(read.ok ? 'read' : read.error).toMatch(/^cannot read the CA file .*missing\.pem: ENOENT/);
});
