/** The fleet's tables: those of every version become today's, with all that was in them. */
import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { expect, test } from 'vitest';
import { FleetStore } from '../../worker/fleet-store.ts';

const VERSION_1 = `CREATE TABLE IF NOT EXISTS clusters (cluster TEXT PRIMARY KEY, display_name TEXT, created_at INTEGER NOT NULL) WITHOUT ROWID`;

let objects = 0;
/** An object of its own, without the fleet's tables. */
const withEmpty = (use: (storage: DurableObjectStorage) => void): Promise<void> =>
  runInDurableObject(env.FLEET.getByName(`store-${++objects}`), (_fleet, { storage }) => {
    for (const table of ['fleet', 'clusters']) storage.sql.exec(`DROP TABLE IF EXISTS ${table}`);
    use(storage);
  });
const dump = ({ sql }: DurableObjectStorage) => ({
  tables: sql.exec(`SELECT name, sql FROM sqlite_master WHERE name IN ('fleet', 'clusters') ORDER BY name`).toArray(),
  version: sql.exec('SELECT * FROM fleet').toArray(),
  clusters: sql.exec('SELECT * FROM clusters').toArray(),
});

test('tables of version 1 become today’s, and their clusters can be given codes', () =>
  withEmpty((storage) => {
    storage.sql.exec(VERSION_1);
    storage.sql.exec(`INSERT INTO clusters VALUES ('a', 'The lab', 7), ('b', NULL, 8)`);
    const store = new FleetStore(storage);
    expect(store.list()).toEqual([{ cluster: 'a', displayName: 'The lab' }, { cluster: 'b' }]);
    expect(store.readCode('a')).toBeNull();
    store.writeCode('a', { hash: 'h', expiresAt: 9 });
    expect(new FleetStore(storage).readCode('a')).toEqual({ hash: 'h', expiresAt: 9 });
    expect(storage.sql.exec('SELECT created_at FROM clusters').toArray()).toEqual([{ created_at: 7 }, { created_at: 8 }]);
  }));

test('an upgraded store and a new one take and give the same', () =>
  withEmpty((storage) => {
    storage.sql.exec(VERSION_1);
    const upgraded = columns(new FleetStore(storage), storage);
    for (const table of ['fleet', 'clusters']) storage.sql.exec(`DROP TABLE ${table}`);
    expect(upgraded).toEqual(columns(new FleetStore(storage), storage));
  }));
const columns = (_store: FleetStore, { sql }: DurableObjectStorage) => [
  sql.exec(`SELECT name, type, "notnull", pk FROM pragma_table_info('clusters')`).toArray(),
  sql.exec('SELECT * FROM fleet').toArray(),
];

test('tables of a newer version are refused, and stay as they are', () =>
  withEmpty((storage) => {
    new FleetStore(storage).add({ cluster: 'a' }, 1);
    storage.sql.exec('UPDATE fleet SET schema_version = 99');
    const before = dump(storage);
    expect(() => new FleetStore(storage)).toThrow('version 99');
    expect(dump(storage)).toEqual(before);
  }));

test('opening it again writes nothing', () =>
  withEmpty((storage) => {
    new FleetStore(storage).add({ cluster: 'a', displayName: 'x' }, 1);
    const before = dump(storage);
    const store = new FleetStore(storage);
    expect(dump(storage)).toEqual(before);
    expect([store.find('a'), store.find('b'), store.count()]).toEqual([{ cluster: 'a', displayName: 'x' }, null, 1]);
    store.writeCode('a', { hash: 'h', expiresAt: 9 });
    store.writeCode('a', null);
    expect(store.readCode('a')).toBeNull();
    store.delete('a');
    expect([store.readCode('a'), store.count()]).toEqual([null, 0]);
  }));
