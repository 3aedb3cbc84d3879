/** Labels of VMs in the room: part of the picture and of its digest, kept, and a frame of their own when they change (SPEC U5, U6, U8). */
import { evictDurableObject } from 'cloudflare:test';
import { describe, expect, test } from 'vitest';
import type { DerivedVm } from '../../core/model.ts';
import { liveCluster, problemOf, roomOf, snapshotOf, TestViewer, vm } from './support.ts';

const LABELS = { team: 'db', 'app.kubernetes.io/name': 'pg', gpu: '', toString: 'x' };
const labelsIn = async (cluster: string): Promise<unknown> => (await snapshotOf(cluster)).vms.map(({ name, labels }) => [name, labels]);

describe('labels', () => {
  test('are in the snapshot, survive a restart of the room, and the digests agree', async () => {
    const forwarder = await liveCluster();
    expect(await forwarder.sync({ vms: [vm('a', 'host-1', { labels: LABELS }), vm('b', null)] })).toMatchObject({ resync: false });
    await evictDurableObject(roomOf(forwarder.cluster));
    expect(await labelsIn(forwarder.cluster)).toEqual(
      expect.arrayContaining([
        ['a', LABELS],
        ['b', undefined],
      ]),
    );
    expect(await forwarder.heartbeat()).toMatchObject({ resync: false });
  });

  test('a change of one is one frame with the VM alone; the same ones in another order are none', async () => {
    const forwarder = await liveCluster();
    await forwarder.sync({ vms: [vm('a', 'host-1', { labels: LABELS }), vm('b', 'host-1', { labels: LABELS })] });
    const viewer = await TestViewer.open('direct', forwarder.cluster);
    await viewer.expect('snapshot');
    const relabel = (labels?: DerivedVm['labels']) =>
      forwarder.change({ vms: [vm('a', 'host-1', labels === undefined ? {} : { labels })] });
    const { cursor } = await relabel({ ...LABELS, team: 'web' });
    const frame = await viewer.expect('frame');
    expect(Object.keys(frame).sort()).toEqual(['at', 'digest', 'from', 'to', 'vms']);
    expect(frame.vms?.map(({ id, labels }) => [id, labels])).toEqual([['default/a', { ...LABELS, team: 'web' }]]);
    const reordered = Object.fromEntries(Object.entries({ ...LABELS, team: 'web' }).reverse());
    expect(await relabel(reordered)).toMatchObject({ cursor, resync: false });
    await viewer.expect('heard');
    await relabel();
    const last = await viewer.expect('frame');
    expect(last.vms?.map((each) => 'labels' in each)).toEqual([false]);
    await viewer.close();
  });

  test('one that no Kubernetes has is refused, says where, and is not repeated', async () => {
    const forwarder = await liveCluster();
    const batch = forwarder.changes({ vms: [vm('a', 'host-1', { labels: { [`<script>${'x'.repeat(5_000)}`]: 'db' } })] });
    const refused = await forwarder.post('batches', { session: forwarder.session, number: forwarder.number + 1, ...batch });
    expect(refused.status).toBe(400);
    const problem = await problemOf(refused);
    expect(problem).toMatchObject({ code: 'name-too-long', at: 'vms.0.labels' });
    expect(JSON.stringify(problem)).not.toContain('script');
  });
});
