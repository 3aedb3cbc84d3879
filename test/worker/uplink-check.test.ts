/** What a forwarder's `--check` asks: the same answer that opening a session would get, and nothing is changed by it. */
import { describe, expect, test } from 'vitest';
import { OLDEST_PROTOCOL_VERSION, PROTOCOL_VERSION } from '../../core/protocol-version.ts';
import type { UplinkCheck } from '../../core/uplink.ts';
import { ADMIN, bearer, call, freshName, host, liveCluster, problemOf, register, renew } from './support.ts';

const ask = (cluster: string, token: string | null, query: string): Promise<Response> =>
  call(`/api/v1/clusters/${cluster}/uplink?${query}`, { headers: token === null ? {} : bearer(token) });
const OWN = `protocol=${PROTOCOL_VERSION}&clusterUid=uid-of-kube-system`;

describe('GET /api/v1/clusters/:cluster/uplink', () => {
  test('the right token of the right cluster: which protocols the edge speaks', async () => {
    const { cluster, token } = await liveCluster();
    const response = await ask(cluster, token, OWN);
    expect(response.status).toBe(200);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(await response.json<UplinkCheck>()).toEqual({ oldest: OLDEST_PROTOCOL_VERSION, newest: PROTOCOL_VERSION });
  });

  test('a cluster that was never heard takes any uid, and pins none by being asked', async () => {
    const cluster = freshName();
    const token = await register(cluster);
    for (const uid of ['uid-a', 'uid-b']) {
      expect((await ask(cluster, token, `protocol=${PROTOCOL_VERSION}&clusterUid=${uid}`)).status).toBe(200);
    }
  });

  test('where it is not known which cluster it is, only the rest is judged', async () => {
    const { cluster, token } = await liveCluster();
    expect((await ask(cluster, token, `protocol=${PROTOCOL_VERSION}`)).status).toBe(200);
  });

  test.each<[string, string, number, string]>([
    ['another cluster', `protocol=${PROTOCOL_VERSION}&clusterUid=another`, 409, 'other-cluster'],
    ['a protocol of the future', `protocol=${PROTOCOL_VERSION + 1}`, 426, 'protocol'],
    ['a protocol of the past', 'protocol=0', 426, 'protocol'],
    ['no protocol', 'clusterUid=uid-of-kube-system', 400, 'invalid'],
    ['no number', 'protocol=two', 400, 'invalid'],
    ['a uid that is too long', `protocol=${PROTOCOL_VERSION}&clusterUid=${'u'.repeat(65)}`, 400, 'name-too-long'],
  ])('%s is refused as a session would be', async (_what, query, status, code) => {
    const { cluster, token } = await liveCluster();
    const response = await ask(cluster, token, query);
    expect(response.status).toBe(status);
    expect(await problemOf(response)).toMatchObject({ code });
  });

  test.each([null, 'wrong', ADMIN])('the token %s is refused, before anything is told', async (token) => {
    const { cluster } = await liveCluster();
    const response = await ask(cluster, token, 'protocol=0&clusterUid=another');
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe('Bearer');
    expect(await problemOf(response)).toMatchObject({ code: 'unauthorized' });
  });

  test('a name that nobody registered, and another method', async () => {
    expect((await ask(freshName(), 'token', OWN)).status).toBe(401);
    expect((await call('/api/v1/clusters/a/uplink', { method: 'POST' })).status).toBe(405);
  });

  test('a session goes on, and a new token does not replace the old one by being tried', async () => {
    const forwarder = await liveCluster();
    const { cluster } = forwarder;
    const next = await renew(cluster);
    expect((await ask(cluster, next, OWN)).status).toBe(200);
    expect((await ask(cluster, forwarder.token, OWN)).status).toBe(200);
    // With the old token, in the old session, under the next number.
    expect(await forwarder.change({ hosts: [host('host-4')] })).toMatchObject({ resync: false });
  });
});
