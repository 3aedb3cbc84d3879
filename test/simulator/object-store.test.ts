import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createVirtualClock } from '../../simulator/clock.ts';
import { createObjectStore, type ObjectStore } from '../../simulator/object-store.ts';
import type { Lease } from '../../simulator/objects.ts';

const createStore = (historyCount = 1000): ObjectStore =>
  createObjectStore({ clock: createVirtualClock(), firstVersion: 100, historyCount });
const lease = (name: string, more: Partial<Lease['metadata']> = {}, spec: Lease['spec'] = {}): Lease => ({
  apiVersion: 'coordination.k8s.io/v1',
  kind: 'Lease',
  metadata: { name, namespace: 'default', uid: `uid-${name}`, resourceVersion: '', creationTimestamp: '2026-11-01T00:00:00Z', ...more },
  spec,
});

/** Writes at random; says what the list was at each version. */
function replay(store: ObjectStore, writes: readonly (readonly [name: string, verb: 'put' | 'remove'])[]): Map<number, readonly Lease[]> {
  const states = new Map([[store.version, store.list('leases')]]);
  writes.forEach(([name, verb], index) => {
    const there = store.get('leases', 'default', name) !== undefined;
    if (verb === 'remove') {
      if (there) store.remove('leases', 'default', name);
    } else if (there) store.update('leases', lease(name, {}, { renewed: index }));
    else store.create('leases', lease(name));
    states.set(store.version, store.list('leases'));
  });
  return states;
}
const someWrites = fc.array(
  fc.tuple(fc.constantFrom('a', 'b', 'c', 'd'), fc.constantFrom('put' as const, 'put' as const, 'remove' as const)),
  { maxLength: 60 },
);

describe('history', () => {
  test('the list at any kept version is the list as it was then', () => {
    fc.assert(
      fc.property(someWrites, (writes) => {
        const store = createStore();
        for (const [version, state] of replay(store, writes)) expect(store.listAt('leases', version)).toEqual(state);
      }),
    );
  });

  test('the events after a version turn that state into the present one', () => {
    fc.assert(
      fc.property(someWrites, (writes) => {
        const store = createStore();
        for (const [version, state] of replay(store, writes)) {
          const objects = new Map(state.map((object) => [object.metadata.name, object]));
          for (const event of store.eventsAfter('leases', version, 1000) ?? []) {
            expect(event.before).toEqual(objects.get(event.object.metadata.name));
            if (event.type === 'DELETED') objects.delete(event.object.metadata.name);
            else objects.set(event.object.metadata.name, event.object);
          }
          expect([...objects.values()].sort((a, b) => a.metadata.name.localeCompare(b.metadata.name))).toEqual(store.list('leases'));
        }
      }),
    );
  });

  test('is bounded: old versions become too old, the newest never', () => {
    const store = createStore(10);
    const versions = [
      ...replay(
        store,
        Array.from({ length: 100 }, () => ['a', 'put'] as const),
      ).keys(),
    ];
    const first = versions[0] ?? 0;
    expect(store.eventsAfter('leases', first, 1)).toBeNull();
    expect(store.listAt('leases', first)).toBeNull();
    expect(store.eventsAfter('leases', store.version - 10, 100)).toHaveLength(10);
    expect(store.eventsAfter('leases', store.version, 1)).toEqual([]);
    expect((store.eventsAfter('leases', store.oldestVersion('leases'), 1000) ?? []).length).toBeLessThanOrEqual(13);
  });

  test('forgotten: every version handed out so far is too old, the next list is not', () => {
    const store = createStore();
    replay(store, [['a', 'put']]);
    const before = store.version;
    store.forget();
    expect(store.eventsAfter('leases', before, 1)).toBeNull();
    expect(store.eventsAfter('nodes', before, 1)).toBeNull();
    expect(store.eventsAfter('leases', store.version, 1)).toEqual([]);
    expect(store.list('leases')).toHaveLength(1);
  });
});

describe('deletion', () => {
  test('with a finalizer only marks; the object goes with its last finalizer', () => {
    const store = createStore();
    const created = store.create('leases', lease('a', { finalizers: ['one'] }));
    const marked = store.remove('leases', 'default', 'a');
    expect(marked?.metadata.deletionTimestamp).toBeDefined();
    expect(store.remove('leases', 'default', 'a')).toEqual(marked);
    expect(store.update('leases', { ...created, metadata: { ...(marked ?? created).metadata, finalizers: [] } })).toBeUndefined();
    expect(store.list('leases')).toEqual([]);
    expect(store.eventsAfter('leases', 100, 10)?.map(({ type }) => type)).toEqual(['ADDED', 'MODIFIED', 'DELETED']);
  });

  test('carries the version of the deletion', () => {
    const store = createStore();
    store.create('leases', lease('a'));
    expect(store.remove('leases', 'default', 'a')).toBeUndefined();
    expect(store.eventsAfter('leases', 100, 10)?.at(-1)?.object.metadata.resourceVersion).toBe('102');
  });
});

test('a write that changes nothing is no write', () => {
  const store = createStore();
  const created = store.create('leases', lease('a'));
  expect(store.update('leases', created)).toBe(created);
  expect(store.version).toBe(101);
});

test('an update of what has changed since it was read is refused', () => {
  const store = createStore();
  const read = store.create('leases', lease('a'));
  const newer = store.update('leases', { ...read, spec: { holder: 'one' } });
  expect(() => store.update('leases', { ...read, spec: { holder: 'two' } })).toThrow('has changed since it was read');
  expect(store.list('leases')).toEqual([newer]);
});

test('what does not exist, or exists already, is said', () => {
  const store = createStore();
  store.create('leases', lease('a'));
  expect(() => store.create('leases', lease('a'))).toThrow('already exists');
  expect(() => store.update('leases', lease('b'))).toThrow('not found');
  expect(() => store.remove('leases', 'default', 'b')).toThrow('not found');
});
