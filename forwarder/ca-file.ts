/** A file of authorities (PEM) that are trusted for the edge besides the usual ones. Errors are one line each. */
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { err, ok, type Result } from '../core/result.ts';

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;
/** The authorities that all the world trusts are 200 kB. */
const MAX_CA_CHARS = 4_194_304;

export function readCaFile(file: string): Result<string> {
  try {
    return parseCa(readFileSync(file, 'utf8'), file);
  } catch (error) {
    return err(`cannot read the CA file ${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** The certificates of a bundle, without what else stands in it. `file`: for messages. */
export function parseCa(text: string, file: string): Result<string> {
  if (text.length > MAX_CA_CHARS) return err(`the CA file ${file} is too large`);
  const certificates = text.match(CERTIFICATE) ?? [];
  if (certificates.length === 0) return err(`the CA file ${file} holds no certificate; it must be PEM (-----BEGIN CERTIFICATE-----)`);
  for (const [index, certificate] of certificates.entries()) {
    try {
      new X509Certificate(certificate);
    } catch {
      return err(`the CA file ${file} is damaged: its certificate ${index + 1} cannot be read`);
    }
  }
  return ok(`${certificates.join('\n')}\n`);
}
