/** The secrets among the settings: from the environment, or from the file that `NAME_FILE` names. */
import { readFileSync } from 'node:fs';
import { err, ok, type Result } from '../core/result.ts';
import { SETTINGS, type Settings, secretFilesOf, settingsOf } from './settings.ts';

export function readSecrets(env: Readonly<Record<string, string | undefined>>): Result<Settings> {
  const found: Record<string, string | undefined> = {};
  for (const { name, isSecret } of SETTINGS) if (isSecret) found[name] = env[name];
  for (const { name, file } of secretFilesOf(env)) {
    try {
      found[name] = readFileSync(file, 'utf8').trim();
    } catch (error) {
      return err(`${name}_FILE cannot be read: ${(error as Error).message}`);
    }
  }
  return ok(settingsOf(found));
}
