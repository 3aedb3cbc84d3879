/** Rooms that an older version of the Worker made: their tables as it made them, opened by this one. */
import { evictDurableObject, runInDurableObject } from 'cloudflare:test';
import { describe, expect, test } from 'vitest';
import { digestOf, formatDigest } from '../../core/digest.ts';
import type { Snapshot } from '../../core/downlink.ts';
import type { FramePage, MigrationPage, VmDetail } from '../../core/history.ts';
import type { Problem } from '../../core/uplink.ts';
import { parseSegment } from '../../worker/room-log.ts';
import { SCHEMA_VERSION, upgradesFrom } from '../../worker/room-schema.ts';
import { RoomStore } from '../../worker/room-store.ts';
import { finished, freshName, host, liveCluster, roomOf, TestForwarder, vm } from './support.ts';

const VERSION_2 = `
  CREATE TABLE config (id INTEGER PRIMARY KEY CHECK (id = 1), schema_version INTEGER NOT NULL, cluster TEXT NOT NULL,
    display_name TEXT, epoch TEXT NOT NULL, token_hash TEXT NOT NULL, next_token_hash TEXT);
  CREATE TABLE session (id INTEGER PRIMARY KEY CHECK (id = 1), value TEXT NOT NULL);
  CREATE TABLE hosts (name TEXT PRIMARY KEY, value TEXT NOT NULL, memory TEXT NOT NULL DEFAULT '{}') WITHOUT ROWID;
  CREATE TABLE vms (id TEXT PRIMARY KEY, derived TEXT NOT NULL, memory TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE staged (number INTEGER PRIMARY KEY, value TEXT NOT NULL);
  CREATE TABLE segments (first INTEGER PRIMARY KEY, last INTEGER NOT NULL, last_at INTEGER NOT NULL, bytes INTEGER NOT NULL, lines TEXT);
  CREATE TABLE migrations (id TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
`;
const VERSION_1 = VERSION_2.replace(`, memory TEXT NOT NULL DEFAULT '{}') WITHOUT ROWID`, ') WITHOUT ROWID');

const HEARD_AT = Date.now() - 3_600_000;
const HOSTS = [host('host-1'), host('host-2')];
const VM = vm('ubuntu', 'host-2');
const MEMORY = {
  places: [
    { host: 'host-1', since: null, until: HEARD_AT - 100 },
    { host: 'host-2', since: HEARD_AT - 100 },
  ],
};
const ENDS = [
  {
    ...finished('m-late', 'ubuntu'),
    startedAt: HEARD_AT - 200,
    endedAt: HEARD_AT - 100,
    stages: [{ stage: 'transferring', at: HEARD_AT - 200 }],
    tries: 0,
  },
  { ...finished('m-unseen', 'ubuntu', { overAt: 7, outcome: 'failed' }), startedAt: null, endedAt: null, stages: [], tries: 1 },
  { ...finished('m-early', 'gone'), startedAt: HEARD_AT - 400, endedAt: HEARD_AT - 300, stages: [], tries: 0 },
];
const SESSION = {
  session: 3,
  number: 7,
  answer: { number: 7, cursor: 'old-4', resync: false },
  synced: true,
  clusterUid: 'uid-of-kube-system',
  revision: 4,
  frameAt: HEARD_AT - 100,
  lastHeard: HEARD_AT,
  digest: formatDigest(digestOf(HOSTS, [VM])),
  hostCount: 2,
  vmCount: 1,
  drift: { count: 0, streak: 0, lastAt: 0, askAgainAt: 0 },
};
const line = (to: number): string =>
  JSON.stringify({ from: `old-${to - 1}`, to: `old-${to}`, at: HEARD_AT - 500 + 100 * to, digest: '0', vms: [] });

async function oldRoom(version: 1 | 2, tokenHash: string): Promise<string> {
  const cluster = freshName();
  await runInDurableObject(roomOf(cluster), (_room, { storage: { sql } }) => {
    sql.exec(version === 1 ? VERSION_1 : VERSION_2);
    sql.exec('INSERT INTO config VALUES (1, ?, ?, ?, ?, ?, NULL)', version, cluster, 'Old one', 'old', tokenHash);
    sql.exec('INSERT INTO session VALUES (1, ?)', JSON.stringify(SESSION));
    for (const one of HOSTS) sql.exec('INSERT INTO hosts (name, value) VALUES (?, ?)', one.name, JSON.stringify(one));
    sql.exec('INSERT INTO vms VALUES (?, ?, ?)', VM.id, JSON.stringify(VM), JSON.stringify(MEMORY));
    sql.exec('INSERT INTO segments VALUES (1, 1, ?, 5000000, NULL)', HEARD_AT - 400);
    sql.exec('INSERT INTO segments VALUES (2, 4, ?, 300, ?)', HEARD_AT - 100, [2, 3, 4].map(line).join('\n'));
    for (const end of ENDS) sql.exec('INSERT INTO migrations VALUES (?, ?)', end.id, JSON.stringify(end));
  });
  await evictDurableObject(roomOf(cluster));
  return cluster;
}

const sha256 = async (text: string): Promise<string> => {
  const bytes = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
};
const ask = async <Answer>(cluster: string, path: string): Promise<Answer> => (await roomOf(cluster).fetch(`https://room${path}`)).json();

describe.each([1, 2] as const)('a room of version %i', (version) => {
  test('shows what it held, and goes on', async () => {
    const cluster = await oldRoom(version, await sha256('token'));
    const { cursor, lastHeard, displayName, hosts, vms } = await ask<Snapshot>(cluster, '/snapshot');
    expect({ cursor, lastHeard, displayName }).toEqual({ cursor: 'old-4', lastHeard: HEARD_AT, displayName: 'Old one' });
    expect(hosts).toEqual(HOSTS);
    expect(vms).toMatchObject([{ id: 'default/ubuntu', host: 'host-2', previous: { host: 'host-1', until: HEARD_AT - 100 } }]);

    const segments = await runInDurableObject(roomOf(cluster), (_room, { storage }) =>
      storage.sql.exec('SELECT first, last, last_at, bytes, session, length(lines) AS length FROM segments').toArray(),
    );
    expect(segments).toEqual([
      { first: 1, last: 1, last_at: HEARD_AT - 400, bytes: 5_000_000, session: null, length: null },
      { first: 2, last: 4, last_at: HEARD_AT - 100, bytes: 300, session: null, length: [2, 3, 4].map(line).join('|').length },
    ]);
    const page = await ask<FramePage>(cluster, '/frames?from=old-1');
    expect(page).toMatchObject({
      cursor: 'old-4',
      oldest: 'old-1',
      next: null,
      frames: [{ to: 'old-2' }, { to: 'old-3' }, { to: 'old-4' }],
    });

    const { finished: ended } = await ask<MigrationPage>(cluster, '/migrations');
    expect(ended.map(({ id, recordedAt }) => [id, recordedAt])).toEqual([
      ['m-unseen', HEARD_AT],
      ['m-late', HEARD_AT - 100],
      ['m-early', HEARD_AT - 300],
    ]);
    const detail = await ask<VmDetail>(cluster, '/vm?namespace=default&name=ubuntu');
    expect(detail).toMatchObject({ uid: 'uid-ubuntu', places: [{ host: 'host-1' }, { host: 'host-2', broughtBy: 'm-late' }] });
  });

  test('takes the next batch, and from it on has a past', async () => {
    const cluster = await oldRoom(version, await sha256('token'));
    // Of silences before, nothing is known: no moment of that time is vouched for.
    expect(await ask<Problem>(cluster, `/snapshot?at=${HEARD_AT - 1}`)).toMatchObject({ code: 'out-of-range', oldest: HEARD_AT });
    expect(await ask<Snapshot>(cluster, `/snapshot?at=${HEARD_AT + 9}`)).toMatchObject({
      cursor: 'old-4',
      now: HEARD_AT + 9,
      lastHeard: HEARD_AT,
    });

    const forwarder = new TestForwarder(cluster, 'token');
    for (const one of HOSTS) forwarder.hosts.set(one.name, one);
    forwarder.vms.set(VM.id, VM);
    const changes = forwarder.changes({
      vms: [vm('ubuntu', 'host-1')],
      finished: ENDS.map(({ id, vm: of, outcome }) => finished(id, of.slice(8), { outcome })),
    });
    const body = JSON.stringify({ session: 3, number: 8, ...changes });
    const post = () => roomOf(cluster).fetch('https://room/batches', { method: 'POST', headers: { authorization: 'Bearer token' }, body });
    const answer = await (await post()).json();
    expect(answer).toEqual({ number: 8, cursor: 'old-5', resync: false });
    await evictDurableObject(roomOf(cluster));
    expect(await (await post()).json()).toEqual(answer);

    const page = await ask<FramePage>(cluster, '/frames?from=old-1');
    expect(page.frames).toHaveLength(4);
    const at = page.frames[3]?.at ?? 0;
    expect(await ask<Snapshot>(cluster, `/snapshot?at=${at}`)).toMatchObject({ cursor: 'old-5', vms: [{ host: 'host-1' }] });
    expect(await ask<Problem>(cluster, `/snapshot?at=${at - 1}`)).toMatchObject({ code: 'out-of-range', oldest: at });
    // None of them has ended a second time.
    expect((await ask<MigrationPage>(cluster, '/migrations')).finished).toHaveLength(3);
  });

  test('has the tables that a new one has', async () => {
    const tables = (cluster: string): Promise<unknown[]> =>
      runInDurableObject(roomOf(cluster), (_room, { storage }) => {
        const names = storage.sql.exec(
          `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_cf%' ESCAPE '\\' ORDER BY name`,
        );
        return names
          .toArray()
          .map(({ name }) => [name, storage.sql.exec(`SELECT name, type, "notnull", pk FROM pragma_table_info('${name}')`).toArray()]);
      });
    const cluster = await oldRoom(version, 'hash');
    await ask(cluster, '/snapshot');
    expect(await tables(cluster)).toEqual(await tables((await liveCluster()).cluster));
  });
});

test.each([0, SCHEMA_VERSION + 1, 99, 1.5, Number.NaN])(
  'version %s is not known: nothing is changed, and the error says which are',
  async (version) => {
    expect(() => upgradesFrom(version)).toThrow(`version ${version}, and this code knows 1 to ${SCHEMA_VERSION}`);
    const cluster = await oldRoom(2, 'hash');
    await runInDurableObject(roomOf(cluster), (_room, { storage }) => {
      storage.sql.exec('UPDATE config SET schema_version = ?', Number.isNaN(version) ? 'x' : version);
      const dump = (): unknown =>
        ['config', 'session', 'segments', 'migrations'].map((table) => storage.sql.exec(`SELECT * FROM ${table}`).toArray());
      const before = dump();
      expect(() => new RoomStore(storage).readConfig()).toThrow('deploy the newer one');
      expect(dump()).toEqual(before);
    });
  },
);

test('an upgrade that fails half-way leaves the old tables as they were', async () => {
  const cluster = await oldRoom(2, 'hash');
  await runInDurableObject(roomOf(cluster), (_room, { storage }) => {
    storage.sql.exec('CREATE TABLE checkpoints (in_the_way TEXT)');
    const tables = (): unknown => storage.sql.exec('SELECT name, sql FROM sqlite_master ORDER BY name').toArray();
    const before = tables();
    expect(() => new RoomStore(storage).readConfig()).toThrow();
    expect(tables()).toEqual(before);
    expect(storage.sql.exec('SELECT schema_version FROM config').one()).toEqual({ schema_version: 2 });
    const { lines } = storage.sql.exec('SELECT lines FROM segments WHERE first = 2').one();
    expect(parseSegment(2, String(lines), 1)).toHaveLength(3);
  });
});

describe('the epoch', () => {
  test('stays over restarts, and is another after the storage was wiped', async () => {
    const forwarder = await liveCluster();
    const epochOf = async (): Promise<unknown> => (await ask<Snapshot>(forwarder.cluster, '/snapshot')).cursor?.split('-')[0];
    const before = await epochOf();
    await evictDurableObject(roomOf(forwarder.cluster));
    expect(await epochOf()).toBe(before);
    await runInDurableObject(roomOf(forwarder.cluster), async (room, { storage }) => {
      await storage.deleteAll();
      await room.remove();
      room.setToken({ cluster: forwarder.cluster }, await sha256(forwarder.token));
    });
    await forwarder.open();
    await forwarder.send({ kind: 'sync-part', hosts: [], vms: [], finished: [] });
    expect((await forwarder.send({ kind: 'sync-commit', parts: 1, digest: '0'.repeat(16) })).cursor).not.toContain(String(before));
  });
});
