/** What the tests of viewers' access share: the Worker in the mode `token`, logins, shares, and a clock that can be set. */
import { vi } from 'vitest';
import type { IssuedShare, ShareList, ShareWish } from '../../core/access.ts';
import type { ClusterList } from '../../core/downlink.ts';
import { ADMIN, bearer, call, problemOf } from './support.ts';

export const VIEWER = 'the-viewers-token-of-the-tests';
export const TOKEN_MODE = { VIEWER_ACCESS: 'token', VIEWER_TOKEN: VIEWER };

export const ask = (path: string, init: RequestInit = {}, settings: Record<string, string | undefined> = {}): Promise<Response> =>
  call(path, init, { ...TOKEN_MODE, ...settings });

export const login = (body: unknown, headers: Record<string, string> = {}): Promise<Response> =>
  ask('/api/v1/login', { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) });

/** As a browser keeps it. */
export const cookieOf = (response: Response): string => response.headers.get('set-cookie')?.split(';')[0] ?? '';
export const logInWith = async (token: string): Promise<Record<string, string>> => ({ cookie: cookieOf(await login({ token })) });

export const postShare = (wish: unknown, settings = {}): Promise<Response> =>
  ask('/api/v1/shares', { method: 'POST', headers: bearer(ADMIN), body: JSON.stringify(wish) }, settings);
export async function share(wish: Partial<ShareWish> = {}): Promise<IssuedShare & { readonly token: string }> {
  const response = await postShare({ expiresInSeconds: 3_600, ...wish });
  if (response.status !== 201) throw new Error(await response.text());
  const issued = await response.json<IssuedShare>();
  return { ...issued, token: issued.url.split('#share=')[1] ?? '' };
}
export const listShares = async (): Promise<ShareList> => (await ask('/api/v1/shares', { headers: bearer(ADMIN) })).json();
export const takeBack = (id: string): Promise<Response> => ask(`/api/v1/shares/${id}`, { method: 'DELETE', headers: bearer(ADMIN) });

export const statusFor = async (
  headers: Record<string, string>,
  path = '/api/v1/clusters',
  settings = {},
): Promise<[number, string | null]> => {
  const response = await ask(path, { headers }, settings);
  if (response.ok) {
    await response.body?.cancel();
    return [response.status, null];
  }
  return [response.status, (await problemOf(response)).code];
};
export const namesFor = async (headers: Record<string, string>): Promise<string[]> => {
  const list = await (await ask('/api/v1/clusters', { headers })).json<ClusterList>();
  return list.clusters.map(({ cluster }) => cluster);
};

export const setClock = (now: number): void => {
  vi.useFakeTimers({ toFake: ['Date'], now });
};
