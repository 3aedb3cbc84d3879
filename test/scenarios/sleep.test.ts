/** In real workerd: with bridged viewers the room sleeps between heartbeats, with direct ones it does not (architecture.md 5). */
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { EMPTY_DIGEST, formatDigest } from '../../core/digest.ts';
import { PROTOCOL_VERSION } from '../../core/protocol-version.ts';
import type { BatchAnswer, SessionOpened } from '../../core/uplink.ts';
import { registerCluster } from '../../local/registration.ts';
import { ADMIN_TOKEN, startEdgeProcess } from '../support/stack.ts';
import { openViewer } from '../support/viewer.ts';

/** Real time is the subject: workerd lets an object hibernate when it was idle for ten seconds. */
const IDLE_MS = 12_000;
const CLUSTER = 'lab';

/** When the room's object was made, as the metrics tell. */
async function constructedAt(edge: { readonly url: string }): Promise<string | undefined> {
  const response = await fetch(`${edge.url}/metrics`, { headers: { authorization: `Bearer ${ADMIN_TOKEN}` } });
  return /^hostview_room_constructed_seconds\{cluster="lab"\} (.+)$/m.exec(await response.text())?.[1];
}

async function openUplink(edge: { readonly url: string }, token: string) {
  const post = async <Answer>(path: string, body: object): Promise<Answer> => {
    const init = { method: 'POST', headers: { authorization: `Bearer ${token}` }, body: JSON.stringify(body) };
    const response = await fetch(`${edge.url}/api/v1/clusters/${CLUSTER}/${path}`, init);
    if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
    return (await response.json()) as Answer;
  };
  const { session } = await post<SessionOpened>('sessions', { protocol: PROTOCOL_VERSION, clusterUid: 'uid', forwarder: 'test' });
  let number = 0;
  return (batch: object) => post<BatchAnswer>('batches', { session, number: ++number, digest: formatDigest(EMPTY_DIGEST), ...batch });
}

describe.concurrent('a room that is watched', () => {
  test.each([
    { fanOut: 'bridge', sleeps: true },
    { fanOut: 'direct', sleeps: false },
  ])('$fanOut: sleeps between heartbeats: $sleeps; the stream stays and goes on', async ({ fanOut, sleeps }) => {
    const edge = await startEdgeProcess({ FAN_OUT: fanOut });
    try {
      const send = await openUplink(edge, await registerCluster({ url: edge.url, adminToken: ADMIN_TOKEN }, CLUSTER, CLUSTER));
      await send({ kind: 'sync-part', hosts: [], vms: [], finished: [] });
      await send({ kind: 'sync-commit', parts: 1 });
      const viewer = await openViewer(edge.url, CLUSTER);
      await viewer.waitFor(({ event }) => event === 'snapshot', 'the snapshot');
      const lives = [await constructedAt(edge)];
      for (let beats = 1; beats <= 2; beats++) {
        await delay(IDLE_MS);
        await send({ kind: 'heartbeat' });
        await viewer.waitFor(() => viewer.events.filter(({ event }) => event === 'heard').length === beats, `heartbeat ${beats}`);
        lives.push(await constructedAt(edge));
      }
      expect(lives).not.toContain(undefined);
      expect(new Set(lives).size).toBe(sleeps ? 3 : 1);
      const host = { name: 'host-1', state: 'active', reasons: [], roles: [] };
      const { cursor } = await send({ kind: 'changes', hosts: [host], vms: [], finished: [], goneHosts: [], goneVms: [] });
      await viewer.waitForState((state) => state.cursor === cursor && state.hosts.has('host-1'), 'the frame');
      // The ping came while the room slept, and did not wake it.
      expect(viewer.events.filter(({ event }) => event === 'ping').length).toBeGreaterThanOrEqual(1);
      viewer.close();
    } finally {
      await edge.stop();
    }
  });
});
