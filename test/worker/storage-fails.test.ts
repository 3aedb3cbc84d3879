/** What a room does when its storage fails in the middle (a disk that is full): all or nothing, on the disk, in memory and on every page (SPEC U2, U6). */
import { runInDurableObject } from 'cloudflare:test';
import { expect, test, vi } from 'vitest';
import type { Frame } from '../../core/downlink.ts';
import type { BatchAnswer } from '../../core/uplink.ts';
import type { ClusterRoom } from '../../worker/worker.ts';
import { finished, host, liveCluster, roomOf, snapshotOf, type TestForwarder, TestViewer, vm } from './support.ts';

const inStorage = <Value>(cluster: string, act: (storage: DurableObjectStorage) => Value): Promise<Value> =>
  runInDurableObject(roomOf(cluster), (_room, { storage }) => act(storage));

/** Everything that is stored. */
const dump = (cluster: string): Promise<string> =>
  inStorage(cluster, ({ sql }) => {
    const tables = ['config', 'session', 'hosts', 'vms', 'staged', 'segments', 'migrations'];
    return JSON.stringify(tables.map((name) => sql.exec(`SELECT * FROM ${name}`).toArray()));
  });

/** From now on that write to that table fails. */
const breakTable = (cluster: string, write: string): Promise<unknown> =>
  inStorage(cluster, ({ sql }) => sql.exec(`CREATE TRIGGER broken BEFORE ${write} BEGIN SELECT RAISE(ABORT, 'the disk is full'); END`));
const mend = (cluster: string): Promise<unknown> => inStorage(cluster, ({ sql }) => sql.exec('DROP TRIGGER broken'));

/** One that writes to every table. */
const changes = (forwarder: TestForwarder): Record<string, unknown> => ({
  session: forwarder.session,
  number: forwarder.number + 1,
  ...forwarder.changes({
    hosts: [host('host-1', { cpu: 8 })],
    vms: [vm('first', 'host-1'), vm('second', 'host-2')],
    finished: [finished('m-1', 'gone')],
    goneHosts: ['host-3'],
    goneVms: ['default/ubuntu'],
  }),
});

test.each([
  'INSERT ON hosts',
  'DELETE ON hosts',
  "INSERT ON vms WHEN NEW.id = 'default/second'",
  'DELETE ON vms',
  'INSERT ON migrations',
  'UPDATE ON segments',
])('changes: %s fails', async (write) => {
  const forwarder = await liveCluster();
  const { cluster } = forwarder;
  const viewer = await TestViewer.open('direct', cluster);
  const shown = await viewer.expect('snapshot');
  const before = await dump(cluster);
  const batch = changes(forwarder);
  await breakTable(cluster, write);

  expect((await forwarder.post('batches', batch)).status).toBe(503);
  expect(await dump(cluster)).toBe(before);
  expect(await snapshotOf(cluster)).toMatchObject({ cursor: shown.cursor, digest: shown.digest, hosts: shown.hosts, vms: shown.vms });

  await mend(cluster);
  const answer = await (await forwarder.post('batches', batch)).json<BatchAnswer>();
  expect(answer.resync).toBe(false);
  const frame: Frame = await viewer.expect('frame');
  expect([frame.from, frame.to]).toEqual([shown.cursor, answer.cursor]);
  expect((await snapshotOf(cluster)).vms.map(({ name }) => name)).toEqual(['first', 'second']);
  await viewer.close();
});

test.each(['INSERT ON staged', 'UPDATE ON session', 'DELETE ON staged', 'INSERT ON vms', 'UPDATE ON segments'])(
  'a sync: %s fails, and the same requests go on where it stopped',
  async (write) => {
    const forwarder = await liveCluster();
    const { cluster } = forwarder;
    await forwarder.open();
    const before = await snapshotOf(cluster);
    const vms = [vm('first', 'host-1')];
    forwarder.vms.clear();
    for (const one of vms) forwarder.vms.set(one.id, one);
    const hosts = [...forwarder.hosts.values()];
    const { session, digest } = forwarder;
    const batches = [
      { kind: 'sync-part', session, number: 1, hosts, vms, finished: [] },
      { kind: 'sync-commit', session, number: 2, parts: 1, digest },
    ];
    let broken = 0;
    for (const batch of batches) {
      const stored = await dump(cluster);
      await breakTable(cluster, write);
      const { status } = await forwarder.post('batches', batch);
      await mend(cluster);
      if (status === 200) continue;
      broken += 1;
      expect(status).toBe(503);
      expect(await dump(cluster)).toBe(stored);
      expect(await snapshotOf(cluster)).toMatchObject({ cursor: before.cursor, vms: before.vms });
      expect((await forwarder.post('batches', batch)).status).toBe(200);
    }
    expect(broken).toBeGreaterThan(0);
    const after = await snapshotOf(cluster);
    expect(after.vms.map(({ name }) => name)).toEqual(['first']);
    expect(after.digest).toBe(digest);
  },
);

test('a room that cannot be deleted is still there', async () => {
  const forwarder = await liveCluster();
  const { cluster } = forwarder;
  const before = await dump(cluster);
  await runInDurableObject(roomOf(cluster), async (room: ClusterRoom, { storage }) => {
    const deleting = vi.spyOn(storage, 'deleteAll').mockRejectedValue(new Error('the disk is gone'));
    await expect(room.remove()).rejects.toThrow('the disk is gone');
    deleting.mockRestore();
  });
  expect(await dump(cluster)).toBe(before);
  expect((await snapshotOf(cluster)).vms.map(({ name }) => name)).toEqual(['ubuntu']);
  expect((await forwarder.heartbeat()).resync).toBe(false);
});

test('a session that cannot be written is not opened, and the one before it goes on', async () => {
  const forwarder = await liveCluster();
  await breakTable(forwarder.cluster, 'UPDATE ON session');
  const refused = await forwarder.post('sessions', { protocol: forwarder.protocol, clusterUid: 'uid-of-kube-system', forwarder: 'test' });
  expect(refused.status).toBe(503);
  await mend(forwarder.cluster);
  expect((await forwarder.heartbeat()).resync).toBe(false);
  expect((await forwarder.open()).session).toBe(2);
});
