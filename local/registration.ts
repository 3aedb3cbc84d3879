/** Registers clusters at an edge as its administrator, and gets their tokens. */

export interface Administrator {
  readonly url: string;
  readonly adminToken: string;
}

/** A token for the cluster's forwarder; registers the cluster where it is new, else renews its token. */
export async function registerCluster(edge: Administrator, cluster: string, displayName: string): Promise<string> {
  const created = await ask(edge, 'POST', '/api/v1/clusters', { cluster, displayName });
  const issued = created.status === 409 ? await ask(edge, 'POST', `/api/v1/clusters/${cluster}/token`) : created;
  const code = await readMember(issued, 'code', `The edge did not register the cluster ${cluster}`);
  return redeemCode(edge.url, cluster, code);
}

/** The token that an install code stands for; the code is spent by it. */
export async function redeemCode(url: string, cluster: string, code: string): Promise<string> {
  const path = `/api/v1/clusters/${cluster}/install.yaml?code=${encodeURIComponent(code)}`;
  const answer = await fetch(url + path, { headers: { accept: 'application/json' } });
  return readMember(answer, 'token', `The edge gave no token for the cluster ${cluster}`);
}

/** Removes a cluster with its data; one that is not there is no error. */
export async function removeCluster(edge: Administrator, cluster: string): Promise<void> {
  const answer = await ask(edge, 'DELETE', `/api/v1/clusters/${cluster}`);
  await answer.body?.cancel();
  if (!answer.ok && answer.status !== 404) throw new Error(`The edge did not remove the cluster ${cluster}: HTTP ${answer.status}`);
}

async function readMember(answer: Response, name: string, otherwise: string): Promise<string> {
  const body = (await answer.json()) as Readonly<Record<string, unknown>>;
  const member = body[name];
  if (typeof member === 'string') return member;
  throw new Error(`${otherwise}: ${String(body.detail ?? body.title ?? `HTTP ${answer.status}`)}`);
}

const ask = ({ url, adminToken }: Administrator, method: string, path: string, body?: unknown): Promise<Response> =>
  fetch(url + path, {
    method,
    headers: { authorization: `Bearer ${adminToken}`, ...(body !== undefined && { 'content-type': 'application/json' }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
