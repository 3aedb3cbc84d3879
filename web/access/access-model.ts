/** The visitor's login. Its cookie is HttpOnly, so the page keeps in mind by itself that there is one. */
import { type ReadonlySignal, signal } from '@preact/signals';
import { formatRoute, parseRoute } from '../page/route.ts';
import { BROWSER_SHELF } from '../settings/settings-model.ts';
import { LOAD_TIMEOUT_MS } from '../stream/api.ts';
import { type FailedShare, failedShare, type LoginOutcome, loginOutcome, parseShare } from './login.ts';

const LOGIN_KEY = 'hostview.login';
const SIGNED_IN = 'yes';

const login = signal(BROWSER_SHELF.get(LOGIN_KEY) === SIGNED_IN);
const share = signal<FailedShare | null>(null);

/** Whether there is something to sign out of. */
export const hasLogin: ReadonlySignal<boolean> = login;
/** The share link with which the page was opened, where it did not let the visitor in. */
export const shareFailure: ReadonlySignal<FailedShare | null> = share;

function remember(isSignedIn: boolean): void {
  login.value = isSignedIn;
  BROWSER_SHELF.set(LOGIN_KEY, isSignedIn ? SIGNED_IN : 'no');
}

export async function signIn(token: string): Promise<LoginOutcome> {
  const outcome = await postToken(token);
  if (outcome.kind === 'admitted') {
    remember(true);
    share.value = null;
    clearShare();
  }
  return outcome;
}

/** The edge says that there is no login, or none any more. */
export const forgetLogin = (): void => remember(false);

/** Calls `follow` when the visitor signs in in another tab, which lets this one in too. Answers how to stop. */
export function followLogin(follow: () => void): () => void {
  const closing = new AbortController();
  const read = ({ key, newValue }: StorageEvent): void => {
    if (key !== LOGIN_KEY || newValue !== SIGNED_IN) return;
    login.value = true;
    follow();
  };
  addEventListener('storage', read, { signal: closing.signal });
  return () => closing.abort();
}

/** Answers false where it did not succeed; else the page begins anew, so that nothing of what was shown stays in it. */
export async function signOut(): Promise<boolean> {
  const answer = await post('/api/v1/logout', {}).catch(() => null);
  if (answer?.ok !== true) return false;
  remember(false);
  location.reload();
  return true;
}

/** Signs in with the share link that the page was opened with. Before the page's first other request, or that would be refused. */
export async function redeemShare(): Promise<void> {
  const token = parseShare(location.hash);
  if (token === null) return;
  const outcome = await signIn(token);
  if (outcome.kind === 'admitted') return;
  share.value = failedShare(token, outcome);
  // One that may still be good stays in the address, for a reload.
  if (share.peek()?.token === null) clearShare();
}

/** A share link that is entered where the page is open already changes only the fragment. Answers how to stop. */
export function followShares(): () => void {
  const closing = new AbortController();
  const read = (): void => {
    if (parseShare(location.hash) !== null) location.reload();
  };
  addEventListener('hashchange', read, { signal: closing.signal });
  return () => closing.abort();
}

/** The token must not stay in the address, where it would be copied, kept or seen. */
function clearShare(): void {
  if (parseShare(location.hash) === null) return;
  const route = parseRoute(location.pathname, location.search);
  history.replaceState(null, '', route.view === 'not-found' ? location.pathname : formatRoute(route));
}

async function postToken(token: string): Promise<LoginOutcome> {
  try {
    const answer = await post('/api/v1/login', { token });
    return loginOutcome(answer.status, await answer.text(), answer.headers.get('retry-after'));
  } catch {
    return { kind: 'unreachable' };
  }
}

const post = (address: string, body: unknown): Promise<Response> =>
  fetch(address, {
    method: 'POST',
    signal: AbortSignal.timeout(LOAD_TIMEOUT_MS),
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify(body),
  });
