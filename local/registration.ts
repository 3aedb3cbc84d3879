/** Registers clusters at an edge as its administrator, and gets their tokens. */

export interface Administrator {
  readonly url: string;
  readonly adminToken: string;
}

/** A token for the cluster's forwarder; registers the cluster where it is new, else renews its token. */
export async function registerCluster(edge: Administrator, cluster: string, displayName: string): Promise<string> {
  const created = await ask(edge, 'POST', '/api/v1/clusters', { cluster, displayName });
  if (created.status !== 409) return tokenOf(created, cluster);
  return tokenOf(await ask(edge, 'POST', `/api/v1/clusters/${cluster}/token`), cluster);
}

/** Removes a cluster with its data; one that is not there is no error. */
export async function removeCluster(edge: Administrator, cluster: string): Promise<void> {
  const answer = await ask(edge, 'DELETE', `/api/v1/clusters/${cluster}`);
  await answer.body?.cancel();
  if (!answer.ok && answer.status !== 404) throw new Error(`The edge did not remove the cluster ${cluster}: HTTP ${answer.status}`);
}

async function tokenOf(answer: Response, cluster: string): Promise<string> {
  const body = (await answer.json()) as { token?: unknown; detail?: unknown; title?: unknown };
  if (typeof body.token === 'string') return body.token;
  throw new Error(`The edge did not register the cluster ${cluster}: ${String(body.detail ?? body.title ?? `HTTP ${answer.status}`)}`);
}

const ask = ({ url, adminToken }: Administrator, method: string, path: string, body?: unknown): Promise<Response> =>
  fetch(url + path, {
    method,
    headers: { authorization: `Bearer ${adminToken}`, ...(body !== undefined && { 'content-type': 'application/json' }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
