/**
 * A service account's token, read anew for each request: it is bound to the pod, rotates, and can be replaced long before it ends.
 * client-node keeps what it has read for a minute, in which a token that was revoked answers 401 to everything (2.0.1, FileAuth).
 * Requests are few (watches, and a probe every 10 s) and the file is small, so that nothing needs to be remembered.
 */
import { readFile } from 'node:fs/promises';
import type { RequestOptions } from 'node:https';
import type { KubeConfig, User } from '@kubernetes/client-node';
import { isHeaderText } from './config.ts';

type Authenticator = Parameters<KubeConfig['addAuthenticator']>[0];

const PROVIDER = 'hostview-token-file';

/** For a KubeConfig whose user went through `withFreshToken`; errors are one line each. */
export const tokenFileAuth: Authenticator = {
  isAuthProvider: (user) => user.authProvider?.name === PROVIDER,
  async applyAuthentication(user, options) {
    const file: unknown = user.authProvider?.config?.file;
    const token = await readToken(String(file));
    const { headers } = options as RequestOptions;
    Object.assign(options, { headers: { ...headers, Authorization: `Bearer ${token}` } });
  },
};

/** A user whose token comes from a file gets it by `tokenFileAuth`; any other is left as it is. */
export function withFreshToken(user: User): User {
  const file: unknown = user.authProvider?.config?.tokenFile;
  // The library's own reader looks for `tokenFile` and comes before ours, so that the field must have another name.
  return typeof file === 'string' && file !== '' ? { ...user, authProvider: { name: PROVIDER, config: { file } } } : user;
}

async function readToken(file: string): Promise<string> {
  let token: string;
  try {
    token = (await readFile(file, 'utf8')).trim();
  } catch (error) {
    throw new Error(`cannot read the token file: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (!isHeaderText(token)) throw new Error(`the token file ${file} holds no token`);
  return token;
}
