/** The room over HTTP: the uplink (SPEC U1–U8), and what is stored (U6). */
import { abortAllDurableObjects, evictDurableObject, runInDurableObject } from 'cloudflare:test';
import { describe, expect, test } from 'vitest';
import type { Snapshot } from '../../core/downlink.ts';
import { MAX_BODY_BYTES, MAX_SYNC_PART_COUNT, MAX_VMS_PER_CLUSTER_COUNT, RESUME_BYTES, SEGMENT_BYTES } from '../../core/limits.ts';
import type { DerivedVm } from '../../core/model.ts';
import { OLDEST_PROTOCOL_VERSION, PROTOCOL_VERSION } from '../../core/protocol-version.ts';
import type { BatchAnswer } from '../../core/uplink.ts';
import type { ClusterRoom } from '../../worker/worker.ts';
import { inLogRoom } from './log-room.ts';
import {
  ADMIN,
  bearer,
  call,
  finished,
  freshName,
  host,
  liveCluster,
  problemOf,
  register,
  renew,
  roomOf,
  snapshotOf,
  TestForwarder,
  TestViewer,
  vm,
} from './support.ts';

/** The session row, wherever it is, bent while the room sleeps. */
async function bendSession(cluster: string, path: string, value: number | string): Promise<void> {
  await runInDurableObject(roomOf(cluster), (_room, state) => {
    state.storage.sql.exec('UPDATE session SET value = json_set(value, ?, ?)', `$.${path}`, value);
    state.storage.sql.exec('UPDATE segments SET session = json_set(session, ?, ?)', `$.${path}`, value);
  });
  await evictDurableObject(roomOf(cluster));
}

describe('U1: sessions', () => {
  test('a newer session supersedes the older one', async () => {
    const old = await liveCluster();
    const young = new TestForwarder(old.cluster, old.token);
    expect((await young.open()).session).toBe(2);
    const response = await old.post('batches', { session: 1, number: 3, kind: 'heartbeat', digest: old.digest });
    expect(response.status).toBe(409);
    expect(await problemOf(response)).toMatchObject({ code: 'superseded', status: 409 });
  });

  test('another cluster is refused for ever, also after a restart', async () => {
    const forwarder = await liveCluster();
    await evictDurableObject(roomOf(forwarder.cluster));
    const response = await forwarder.post('sessions', { protocol: PROTOCOL_VERSION, clusterUid: 'uid-of-another', forwarder: 'test' });
    expect(response.status).toBe(409);
    expect(await problemOf(response)).toMatchObject({ code: 'other-cluster' });
    await forwarder.open();
  });

  test('U8: a protocol that is not spoken is 426 with advice', async () => {
    const forwarder = await liveCluster();
    const response = await forwarder.post('sessions', { protocol: 99, clusterUid: 'uid-of-kube-system', forwarder: 'test' });
    expect(response.status).toBe(426);
    expect(await problemOf(response)).toMatchObject({ code: 'protocol', newest: PROTOCOL_VERSION });
  });
});

test('U8: a forwarder of the version before is understood, and its digests agree', async () => {
  const cluster = freshName();
  const old = new TestForwarder(cluster, await register(cluster), OLDEST_PROTOCOL_VERSION);
  expect(OLDEST_PROTOCOL_VERSION).toBe(PROTOCOL_VERSION - 1);
  const transit = { id: 'm', stage: 'queued', cause: 'user', from: 'host-1', to: null } as const;
  await old.sync({ hosts: [host('host-1', { state: 'cordoned' })], vms: [vm('ubuntu', 'host-1')] });
  expect(await old.change({ vms: [vm('ubuntu', 'host-1', { transit })] })).toMatchObject({ resync: false });
  expect(await old.change({ vms: [vm('ubuntu', 'host-1')], finished: [finished('m', 'ubuntu')] })).toMatchObject({ resync: false });
  expect((await snapshotOf(cluster)).vms).toMatchObject([{ lastMigration: { outcome: 'succeeded' } }]);
});

describe('T8: what the room remembers', () => {
  const drain = (here: number) => ({
    state: 'draining' as const,
    drain: { here, moving: 0, stopping: 0, waiting: here, stuck: 0, arriving: 0, safe: false, because: 'vms-here' as const },
  });
  const moving = vm('ubuntu', 'host-1', { transit: { id: 'm', stage: 'transferring', cause: 'drain', from: 'host-1', to: 'host-2' } });

  /** A cluster with something to remember: a host half empty, a migration under way, one that failed, a VM that has moved. */
  async function eventfulCluster(): Promise<TestForwarder> {
    const forwarder = await liveCluster();
    await forwarder.change({ hosts: [host('host-1', drain(3))] });
    await forwarder.change({ hosts: [host('host-1', drain(2))], vms: [moving, vm('debian', 'host-1')] });
    await forwarder.change({ vms: [vm('debian', 'host-2')], finished: [finished('m0', 'debian', { outcome: 'failed', reason: 'r' })] });
    return forwarder;
  }
  const remembered = async (cluster: string) => {
    const { hosts, vms } = await snapshotOf(cluster);
    return { hosts, vms };
  };

  test('survives a forwarder that starts anew and tells everything again', async () => {
    const forwarder = await eventfulCluster();
    const before = await remembered(forwarder.cluster);
    expect(before.hosts[0]).toMatchObject({ drain: { were: 3, here: 2 } });
    expect(before.vms).toMatchObject([
      { id: 'default/debian', host: 'host-2', previous: { host: 'host-1' }, lastMigration: { outcome: 'failed', reason: 'r' } },
      { id: 'default/ubuntu', transit: { id: 'm' } },
    ]);
    const { cursor } = await snapshotOf(forwarder.cluster);
    await forwarder.sync({ finished: [finished('m0', 'debian', { outcome: 'failed', reason: 'r' })] });
    expect(await remembered(forwarder.cluster)).toEqual(before);
    expect((await snapshotOf(forwarder.cluster)).cursor).toBe(cursor);
  });

  test('survives a restart of the room', async () => {
    const forwarder = await eventfulCluster();
    const before = await remembered(forwarder.cluster);
    await evictDurableObject(roomOf(forwarder.cluster));
    expect(await remembered(forwarder.cluster)).toEqual(before);
    await abortAllDurableObjects();
    expect(await remembered(forwarder.cluster)).toEqual(before);
    await forwarder.change({ vms: [vm('ubuntu', 'host-2')], finished: [finished('m', 'ubuntu', { cause: 'unknown' })] });
    const [, ubuntu] = (await snapshotOf(forwarder.cluster)).vms;
    expect(ubuntu).toMatchObject({ previous: { host: 'host-1' }, lastMigration: { outcome: 'succeeded', cause: 'drain' } });
  });

  test('H6: when VMs left a host is kept, also over a silence in which none did, and forgotten where some left unseen', () =>
    inLogRoom((room) => {
      const start = room.now;
      const told = (): unknown => (room.shown as Snapshot).hosts[0]?.drain?.leftAt?.map((at) => at - start);
      const tell = (seconds: number, here: number, how: 'change' | 'sync' = 'change'): unknown => {
        room.now = start + seconds * 1_000;
        room[how]({ hosts: [host('host-1', drain(here))] });
        return told();
      };
      expect(tell(0, 9, 'sync')).toBe(undefined);
      expect(tell(10, 8)).toEqual([10_000]);
      expect(tell(60, 8, 'sync')).toEqual([10_000]);
      expect(tell(70, 6)).toEqual([10_000, 70_000, 70_000]);
      expect(tell(71, 5, 'sync')).toBe(undefined);
      expect(tell(72, 4)).toEqual([72_000]);
      room.now += 14_000;
      room.heartbeat();
      expect(tell(100, 3)).toEqual([72_000, 100_000]);
      room.wake();
      expect(told()).toEqual([72_000, 100_000]);
      expect(tell(116, 2)).toBe(undefined);
      expect(tell(117, 2)).toBe(undefined);
      expect(tell(118, 1)).toEqual([118_000]);
      // A heartbeat that is sent again after a silence; what was kept meanwhile comes right after it.
      room.now += 20_000;
      room.heartbeat();
      expect(tell(138.05, 0)).toBe(undefined);
    }));

  test('stages, places and ends are in its tables', async () => {
    const forwarder = await eventfulCluster();
    await forwarder.change({ vms: [vm('ubuntu', 'host-2')], finished: [finished('m', 'ubuntu')] });
    const stored = await runInDurableObject(roomOf(forwarder.cluster), (_room, state) => ({
      ended: JSON.parse(String(state.storage.sql.exec(`SELECT value FROM migrations WHERE id = 'm'`).one().value)),
      memory: JSON.parse(String(state.storage.sql.exec(`SELECT memory FROM vms WHERE id = 'default/ubuntu'`).one().memory)),
    }));
    expect(stored.ended).toMatchObject({ outcome: 'succeeded', stages: [{ stage: 'transferring' }], tries: 0, blackoutMs: null });
    expect(stored.ended.endedAt).toBeGreaterThanOrEqual(stored.ended.startedAt);
    expect(stored.memory.places).toMatchObject([{ host: 'host-1', until: expect.any(Number) }, { host: 'host-2' }]);
  });
});

describe('U2: batches', () => {
  test('a retry gets the same answer and makes one frame', async () => {
    const forwarder = await liveCluster();
    const viewer = await TestViewer.open('bridge', forwarder.cluster);
    await viewer.expect('snapshot');
    const batch = { session: 1, number: 3, ...forwarder.changes({ vms: [vm('ubuntu', 'host-2')] }) };
    const first = await (await forwarder.post('batches', batch)).json();
    await evictDurableObject(roomOf(forwarder.cluster));
    expect(await (await forwarder.post('batches', batch)).json()).toEqual(first);
    forwarder.number = 3;
    const { cursor } = await forwarder.change({ vms: [vm('ubuntu', 'host-3')] });
    expect((await viewer.expect('frame')).vms?.[0]?.host).toBe('host-2');
    expect(await viewer.expect('frame')).toMatchObject({ to: cursor, vms: [{ host: 'host-3' }] });
    await viewer.close();
  });

  test('a gap says which number is expected, and loses nothing', async () => {
    const forwarder = await liveCluster();
    const batch = { session: 1, number: 5, ...forwarder.changes({ vms: [vm('ubuntu', 'host-2')] }) };
    const response = await forwarder.post('batches', batch);
    expect(response.status).toBe(409);
    expect(await problemOf(response)).toMatchObject({ code: 'gap', expected: 3 });
    expect((await forwarder.post('batches', { ...batch, number: 3 })).status).toBe(200);
    expect((await snapshotOf(forwarder.cluster)).vms[0]?.host).toBe('host-2');
  });
});

describe('U3: the sync', () => {
  test('changes and heartbeats wait for it', async () => {
    const forwarder = new TestForwarder(freshName(), '');
    const token = await register(forwarder.cluster);
    const real = new TestForwarder(forwarder.cluster, token);
    await real.open();
    for (const batch of [real.changes({ vms: [vm('a', null)] }), { kind: 'heartbeat', digest: real.digest }]) {
      const response = await real.post('batches', { session: 1, number: 1, ...batch });
      expect(response.status).toBe(409);
      expect(await problemOf(response)).toMatchObject({ code: 'sync-required' });
    }
    expect(await snapshotOf(real.cluster)).toMatchObject({ cursor: null, lastHeard: null, vms: [] });
  });

  test('its parts are staged, not shown, and survive a restart', async () => {
    const cluster = freshName();
    const forwarder = new TestForwarder(cluster, await register(cluster));
    await forwarder.open();
    await forwarder.send({ kind: 'sync-part', hosts: [host('host-1')], vms: [], finished: [] });
    expect(await snapshotOf(cluster)).toMatchObject({ cursor: null, lastHeard: null, hosts: [] });
    await evictDurableObject(roomOf(cluster));
    await forwarder.send({ kind: 'sync-part', hosts: [], vms: [vm('a', 'host-1')], finished: [] });
    forwarder.changes({ hosts: [host('host-1')], vms: [vm('a', 'host-1')] });
    const answer = await forwarder.send({ kind: 'sync-commit', parts: 2, digest: forwarder.digest });
    expect(answer.resync).toBe(false);
    expect(await snapshotOf(cluster)).toMatchObject({ cursor: answer.cursor, hosts: [{ name: 'host-1' }], vms: [{ id: 'default/a' }] });
  });

  test('parts of an older session do not count, nor those of a sync that was committed', async () => {
    const cluster = freshName();
    const forwarder = new TestForwarder(cluster, await register(cluster));
    await forwarder.open();
    for (const name of ['stale-1', 'stale-2', 'stale-3']) {
      await forwarder.send({ kind: 'sync-part', hosts: [host(name)], vms: [], finished: [] });
    }
    expect((await forwarder.sync({ hosts: [host('host-1')] })).resync).toBe(false);
    expect((await snapshotOf(cluster)).hosts.map(({ name }) => name)).toEqual(['host-1']);
    const staged = await runInDurableObject(roomOf(cluster), (_room, state) => state.storage.sql.exec('SELECT * FROM staged').toArray());
    expect(staged).toEqual([]);
  });

  test('has at most so many parts; one more has a code of its own, since smaller parts would be no help', async () => {
    const cluster = freshName();
    const forwarder = new TestForwarder(cluster, await register(cluster));
    await forwarder.open();
    const part = { kind: 'sync-part', hosts: [], vms: [], finished: [] };
    for (let count = 0; count < MAX_SYNC_PART_COUNT; count += 1) await forwarder.send(part);
    const response = await forwarder.post('batches', { session: forwarder.session, number: MAX_SYNC_PART_COUNT + 1, ...part });
    expect(await problemOf(response)).toMatchObject({ code: 'too-many-parts', status: 413 });
  });

  test('with another number of parts than was sent, a new one is asked for', async () => {
    const cluster = freshName();
    const forwarder = new TestForwarder(cluster, await register(cluster));
    await forwarder.open();
    await forwarder.send({ kind: 'sync-part', hosts: [host('host-1')], vms: [], finished: [] });
    expect(await forwarder.send({ kind: 'sync-commit', parts: 2, digest: forwarder.digest })).toMatchObject({ cursor: null, resync: true });
    expect(await snapshotOf(cluster)).toMatchObject({ cursor: null, lastHeard: null });
    await forwarder.sync({ hosts: [host('host-1')] });
    expect((await snapshotOf(cluster)).hosts).toHaveLength(1);
  });

  test('a restart of the forwarder that changed nothing makes no frame', async () => {
    const forwarder = await liveCluster();
    const viewer = await TestViewer.open('direct', forwarder.cluster);
    const { cursor } = await viewer.expect('snapshot');
    expect((await forwarder.sync()).cursor).toBe(cursor);
    expect((await viewer.expect('heard')).cursor).toBe(cursor);
    await viewer.close();
  });

  test('one that changed something makes one frame of the difference', async () => {
    const forwarder = await liveCluster();
    const viewer = await TestViewer.open('direct', forwarder.cluster);
    const { cursor } = await viewer.expect('snapshot');
    forwarder.changes({ goneHosts: ['host-3'], vms: [vm('debian', 'host-2')] });
    const answer = await forwarder.sync();
    const frame = await viewer.expect('frame');
    expect(frame).toMatchObject({ from: cursor, to: answer.cursor, goneHosts: ['host-3'], vms: [{ id: 'default/debian' }] });
    expect(frame.hosts).toBeUndefined();
    expect(frame.goneVms).toBeUndefined();
    await viewer.close();
  });

  test('an empty cluster has a cursor from its first sync on', async () => {
    const cluster = freshName();
    const forwarder = new TestForwarder(cluster, await register(cluster));
    const answer = await forwarder.sync();
    expect(answer.cursor).toMatch(/^[0-9a-f]{12}-1$/);
    expect((await snapshotOf(cluster)).lastHeard).not.toBeNull();
  });

  test('opening a session and staging do not make the picture younger', async () => {
    const forwarder = await liveCluster();
    await bendSession(forwarder.cluster, 'lastHeard', 77);
    await forwarder.open();
    await forwarder.send({ kind: 'sync-part', hosts: [], vms: [], finished: [] });
    expect((await snapshotOf(forwarder.cluster)).lastHeard).toBe(77);
  });
});

describe('U5: the digest', () => {
  test('the room asks for a sync where it differs, and the sync heals it', async () => {
    const forwarder = await liveCluster();
    // The forwarder believes it has sent this, and it has not.
    forwarder.changes({ vms: [vm('lost', 'host-1')] });
    expect((await forwarder.heartbeat()).resync).toBe(true);
    expect((await forwarder.heartbeat()).resync).toBe(false);
    expect((await forwarder.sync()).resync).toBe(false);
    expect((await snapshotOf(forwarder.cluster)).digest).toBe(forwarder.digest);
    expect((await forwarder.heartbeat()).resync).toBe(false);
  });

  test('a sync also heals a digest that is itself wrong, as one that another version computed', async () => {
    const forwarder = await liveCluster();
    await bendSession(forwarder.cluster, 'digest', 'feedfacefeedface');
    expect((await forwarder.heartbeat()).resync).toBe(true);
    await forwarder.sync();
    expect((await snapshotOf(forwarder.cluster)).digest).toBe(forwarder.digest);
  });
});

describe('U6: what is durable', () => {
  test('everything survives a restart: state, cursor, session, memory', async () => {
    const forwarder = await liveCluster();
    const { cursor: early } = await snapshotOf(forwarder.cluster);
    const transit = { id: 'm1', stage: 'transferring', cause: 'user', from: 'host-1', to: 'host-2' } as const;
    await forwarder.change({ vms: [vm('ubuntu', 'host-1', { transit })] });
    await forwarder.change({ vms: [vm('ubuntu', 'host-2')], finished: [finished('m1', 'ubuntu')] });
    const before = await snapshotOf(forwarder.cluster);
    await abortAllDurableObjects();
    const after = await snapshotOf(forwarder.cluster);
    expect(after).toEqual({ ...before, now: expect.any(Number) });
    expect(after.vms[0]?.lastMigration).toMatchObject({ outcome: 'succeeded', from: 'host-1', to: 'host-2' });
    const viewer = await TestViewer.open('direct', forwarder.cluster, `?cursor=${early}`);
    await viewer.expect('frame');
    await viewer.expect('frame');
    await viewer.expect('heard');
    await viewer.close();
    expect(await forwarder.heartbeat()).toMatchObject({ cursor: before.cursor, resync: false });
  });

  test('frame times never decrease, even where the clock was set back', async () => {
    const forwarder = await liveCluster();
    const future = Date.now() + 3_600_000;
    await bendSession(forwarder.cluster, 'frameAt', future);
    const { cursor } = await snapshotOf(forwarder.cluster);
    await forwarder.change({ vms: [vm('ubuntu', 'host-2')] });
    const viewer = await TestViewer.open('direct', forwarder.cluster, `?cursor=${cursor}`);
    expect((await viewer.expect('frame')).at).toBe(future);
    await viewer.close();
  });

  test('the session row counts what the tables hold', async () => {
    const forwarder = await liveCluster();
    await forwarder.change({ vms: [vm('a', null), vm('b', null)], goneVms: ['default/ubuntu'], goneHosts: ['host-3', 'host-9'] });
    await forwarder.sync({ hosts: [host('host-4'), host('host-5')], goneVms: ['default/a'] });
    const counts = await runInDurableObject(roomOf(forwarder.cluster), (_room, state) =>
      state.storage.sql
        .exec(
          `SELECT json_extract(value, '$.hostCount') AS hosts, json_extract(value, '$.vmCount') AS vms,
             (SELECT count(*) FROM hosts) AS hostRows, (SELECT count(*) FROM vms) AS vmRows
             FROM (SELECT session AS value FROM segments ORDER BY first DESC LIMIT 1)`,
        )
        .one(),
    );
    expect(counts).toEqual({ hosts: 4, hostRows: 4, vms: 1, vmRows: 1 });
  });

  test('tables of a later version are left alone, and what is wrong stays inside', async () => {
    const { cluster } = await liveCluster();
    await runInDurableObject(roomOf(cluster), (_room, state) => void state.storage.sql.exec('UPDATE config SET schema_version = 99'));
    await evictDurableObject(roomOf(cluster));
    const response = await call(`/api/v1/clusters/${cluster}`);
    expect(response.status).toBe(500);
    const text = await response.text();
    expect(JSON.parse(text)).toMatchObject({ code: 'internal' });
    expect(text).not.toContain('tables');
  });

  /** Counts the rows that one call of the uplink reads and writes, by statement. */
  async function countRows(
    cluster: string,
    act: (room: ClusterRoom) => Promise<unknown>,
  ): Promise<{ statement: string; read: number; written: number }[]> {
    return runInDurableObject(roomOf(cluster), async (room: ClusterRoom, state) => {
      const { sql } = state.storage;
      const exec = sql.exec.bind(sql);
      const cursors: { statement: string; cursor: SqlStorageCursor<Record<string, SqlStorageValue>> }[] = [];
      sql.exec = ((query: string, ...bindings: unknown[]) => {
        const cursor = exec(query, ...bindings);
        cursors.push({ statement: query, cursor });
        return cursor;
      }) as typeof sql.exec;
      try {
        await act(room);
      } finally {
        sql.exec = exec as typeof sql.exec;
      }
      return cursors.map(({ statement, cursor }) => ({ statement, read: cursor.rowsRead, written: cursor.rowsWritten }));
    });
  }

  const post = (forwarder: TestForwarder, batch: object) => async (room: ClusterRoom) => {
    forwarder.number += 1;
    const body = JSON.stringify({ session: forwarder.session, number: forwarder.number, ...batch });
    const response = await room.fetch(new Request('https://room/batches', { method: 'POST', headers: bearer(forwarder.token), body }));
    if (!response.ok) throw new Error(await response.text());
    return response.json<BatchAnswer>();
  };

  test('a heartbeat, also of a room that was asleep, writes one row and reads no entity', async () => {
    const forwarder = await liveCluster();
    await evictDurableObject(roomOf(forwarder.cluster));
    const rows = await countRows(forwarder.cluster, post(forwarder, { kind: 'heartbeat', digest: forwarder.digest }));
    expect(rows.filter(({ written }) => written > 0)).toMatchObject([{ statement: expect.stringMatching(/^UPDATE session/), written: 1 }]);
    expect(rows.map(({ statement, read }) => [statement.replace(/ (WHERE|ORDER) .*/, ''), read])).toEqual([
      ['SELECT 1 FROM sqlite_master', expect.any(Number)],
      ['SELECT * FROM config', 1],
      ['SELECT value FROM session', 1],
      ['SELECT session FROM segments', 1],
      ['UPDATE session SET value = ?', expect.any(Number)],
    ]);
  });

  test('a batch without a difference writes the session row only', async () => {
    const forwarder = await liveCluster();
    const batch = forwarder.changes({ vms: [vm('ubuntu', 'host-1')], hosts: [host('host-2')] });
    const rows = await countRows(forwarder.cluster, post(forwarder, batch));
    expect(rows.filter(({ written }) => written > 0)).toMatchObject([{ statement: expect.stringMatching(/^UPDATE session/), written: 1 }]);
  });

  test('one VM that moves costs two rows: its own and the segment’s, which carries the session', async () => {
    const forwarder = await liveCluster();
    const rows = await countRows(forwarder.cluster, post(forwarder, forwarder.changes({ vms: [vm('ubuntu', 'host-2')] })));
    expect(rows.reduce((sum, { written }) => sum + written, 0)).toBe(2);
  });

  test('a room that was never registered answers and makes no tables', async () => {
    const cluster = freshName();
    for (const path of ['', '/stream']) expect((await call(`/api/v1/clusters/${cluster}${path}`)).status).toBe(404);
    const response = await new TestForwarder(cluster, 'x').post('sessions', {
      protocol: PROTOCOL_VERSION,
      clusterUid: 'u',
      forwarder: 'f',
    });
    expect(response.status).toBe(401);
    expect(await problemOf(response)).toMatchObject({ code: 'unauthorized' });
    const tables = await runInDurableObject(roomOf(cluster), (_room, state) =>
      state.storage.sql.exec(`SELECT name FROM sqlite_master WHERE name NOT LIKE '\\_cf%' ESCAPE '\\'`).toArray(),
    );
    expect(tables).toEqual([]);
  });

  const segmentsOf = (cluster: string) =>
    runInDurableObject(roomOf(cluster), (_room, state) =>
      state.storage.sql.exec('SELECT first, last, bytes, lines IS NULL AS hole FROM segments ORDER BY first').toArray(),
    );

  test('frames share segments, and a new one is opened when one is full', async () => {
    const forwarder = await liveCluster();
    const { cursor } = await snapshotOf(forwarder.cluster);
    const texts = Array.from({ length: 30 }, (_, index) => ({ description: `${index} `.padEnd(500, 'x') }));
    const wordy = (step: number): DerivedVm[] =>
      texts.map(({ description }, index) => vm(`vm-${index}`, null, { reason: `${step} ${description}` }));
    for (let step = 0; step < 8; step++) await forwarder.change({ vms: wordy(step) });
    const segments = await segmentsOf(forwarder.cluster);
    expect(segments.length).toBeGreaterThan(1);
    expect(segments.length).toBeLessThan(9);
    for (const { bytes } of segments) expect(bytes).toBeLessThanOrEqual(SEGMENT_BYTES);
    const viewer = await TestViewer.open('direct', forwarder.cluster, `?cursor=${cursor}`);
    for (let step = 0; step < 8; step++) expect((await viewer.expect('frame')).vms?.[0]?.reason).toMatch(new RegExp(`^${step} `));
    await viewer.close();
  });

  test('a frame too large to resume over is shown to all, kept by none, and nobody resumes over it', async () => {
    const forwarder = await liveCluster();
    const { cursor } = await snapshotOf(forwarder.cluster);
    const live = await TestViewer.open('bridge', forwarder.cluster);
    await live.expect('snapshot');
    const vms = Array.from({ length: 2_400 }, (_, index) => vm(`vm-${index}`, 'host-1', { reason: 'é'.repeat(240) }));
    forwarder.changes({ vms });
    await forwarder.open();
    for (const part of [vms.slice(0, 1_200), vms.slice(1_200)]) {
      await forwarder.send({ kind: 'sync-part', hosts: [], vms: part, finished: [] });
    }
    const rest = { hosts: [...forwarder.hosts.values()], vms: [vm('ubuntu', 'host-1')], finished: [] };
    await forwarder.send({ kind: 'sync-part', ...rest });
    const answer = await forwarder.send({ kind: 'sync-commit', parts: 3, digest: forwarder.digest });
    expect(answer.resync).toBe(false);
    const frame = await live.expect('frame');
    expect(frame.vms).toHaveLength(2_400);
    expect(frame.vms?.every(({ reason }) => reason === 'é'.repeat(240))).toBe(true);
    expect((await segmentsOf(forwarder.cluster)).at(-1)).toMatchObject({ hole: 1 });
    expect(JSON.stringify(frame).length).toBeGreaterThan(RESUME_BYTES / 2);
    const back = await TestViewer.open('bridge', forwarder.cluster, `?cursor=${cursor}`);
    expect((await back.expect('snapshot')).vms).toHaveLength(2_401);
    await live.close();
    await back.close();
  });
});

describe('who may speak, and what', () => {
  test.each<[string, Record<string, string>]>([
    ['no token', {}],
    ['a wrong one', bearer('wrong')],
    ['the admin’s', bearer(ADMIN)],
    ['another scheme', { authorization: 'Basic eDp5' }],
  ])('%s: 401, before the body is read', async (_name, headers) => {
    const { cluster } = await liveCluster();
    const response = await call(`/api/v1/clusters/${cluster}/batches`, { method: 'POST', headers, body: 'not json' });
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe('Bearer');
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(await problemOf(response)).toMatchObject({ code: 'unauthorized' });
  });

  const batches = (forwarder: TestForwarder, init: RequestInit): Promise<Response> =>
    call(`/api/v1/clusters/${forwarder.cluster}/batches`, {
      method: 'POST',
      ...init,
      headers: { ...bearer(forwarder.token), ...init.headers },
    });

  test('a body that is not JSON', async () => {
    const forwarder = await liveCluster();
    for (const body of ['', '{', '\ufeff\u0000']) {
      const response = await batches(forwarder, { body });
      expect(response.status).toBe(400);
      expect(await problemOf(response)).toMatchObject({ code: 'not-json' });
    }
  });

  test('a body that does not fit says where, and does not echo', async () => {
    const forwarder = await liveCluster();
    const batch = { session: 1, number: 3, ...forwarder.changes({}), vms: [{ ...vm('a', null), state: 'SECRET' }] };
    const response = await batches(forwarder, { body: JSON.stringify(batch) });
    expect(response.status).toBe(400);
    const text = await response.text();
    expect(JSON.parse(text)).toMatchObject({ code: 'invalid', at: 'vms.0.state' });
    expect(text).not.toContain('SECRET');
    expect((await forwarder.heartbeat()).number).toBe(3);
  });

  const gzip = (text: string): ReadableStream =>
    new Response(text).body?.pipeThrough(new CompressionStream('gzip')) ?? new ReadableStream();

  test('gzip is taken', async () => {
    const forwarder = await liveCluster();
    const body = JSON.stringify({ session: 1, number: 3, kind: 'heartbeat', digest: forwarder.digest });
    const response = await batches(forwarder, { body: gzip(body), headers: { 'content-encoding': 'gzip' } });
    expect(response.status).toBe(200);
  });

  test('a body is limited as it is inflated', async () => {
    const forwarder = await liveCluster();
    const huge = JSON.stringify('0'.repeat(MAX_BODY_BYTES));
    for (const init of [{ body: huge }, { body: gzip(huge), headers: { 'content-encoding': 'gzip' } }]) {
      const response = await batches(forwarder, init);
      expect(response.status).toBe(413);
      expect(await problemOf(response)).toMatchObject({ code: 'too-large', limitBytes: MAX_BODY_BYTES });
    }
    expect((await forwarder.heartbeat()).number).toBe(3);
  });

  test('too many VMs are refused, and nothing of them is kept', async () => {
    const forwarder = await liveCluster();
    await bendSession(forwarder.cluster, 'vmCount', MAX_VMS_PER_CLUSTER_COUNT);
    const batch = { session: 1, number: 3, ...forwarder.changes({ vms: [vm('one-more', null)] }) };
    const response = await forwarder.post('batches', batch);
    expect(response.status).toBe(413);
    expect(await problemOf(response)).toMatchObject({ code: 'too-many-vms' });
    expect((await snapshotOf(forwarder.cluster)).vms.map(({ name }) => name)).toEqual(['ubuntu']);
  });

  test('a batch whose cluster is removed while it is read is not taken', async () => {
    const forwarder = await liveCluster();
    const text = JSON.stringify({ session: 1, number: 3, ...forwarder.changes({ vms: [vm('late', null)] }) });
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
    const writer = writable.getWriter();
    const bytes = new TextEncoder().encode(text);
    const response = batches(forwarder, { body: readable });
    await writer.write(bytes.subarray(0, 10));
    expect((await call(`/api/v1/clusters/${forwarder.cluster}`, { method: 'DELETE', headers: bearer(ADMIN) })).status).toBe(204);
    await writer.write(bytes.subarray(10));
    await writer.close();
    expect((await response).status).toBe(401);
    await register(forwarder.cluster);
    expect(await snapshotOf(forwarder.cluster)).toMatchObject({ cursor: null, vms: [] });
  });

  test('a token that was handed out and not used dies with its cluster, also while it is checked', async () => {
    const forwarder = await liveCluster();
    const { cluster } = forwarder;
    const token = await renew(cluster);
    const [answer, hashes] = await runInDurableObject(roomOf(cluster), async (room: ClusterRoom, state) => {
      const request = new Request('https://room/sessions', { method: 'POST', headers: bearer(token), body: '{}' });
      const answering = room.fetch(request);
      const removing = room.remove();
      room.setToken({ cluster }, 'hash-of-the-next-life');
      await removing;
      const { status } = await answering;
      return [status, state.storage.sql.exec('SELECT token_hash, next_token_hash FROM config').toArray()];
    });
    expect(answer).toBe(401);
    expect(hashes).toEqual([{ token_hash: '', next_token_hash: 'hash-of-the-next-life' }]);
  });
});
