/**
 * Every object of the cluster, one rising resourceVersion, and a bounded history of writes per resource.
 *
 * Deletion is Kubernetes': an object with finalizers only gets a deletionTimestamp, and goes when the last finalizer does.
 * An older state of a resource is today's with the writes since then taken back, so a page token needs no memory of its own:
 * it expires exactly when the history no longer reaches back to it, as etcd's compaction does it.
 */
import type { Clock } from './clock.ts';
import { formatTime, type ObjectTypes, type ResourceName } from './objects.ts';
import { RESOURCE_NAMES, RESOURCES } from './resources.ts';

export interface StoreEvent<R extends ResourceName = ResourceName> {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly version: number;
  readonly key: string;
  readonly object: ObjectTypes[R];
  /** What stood there before this write. */
  readonly before: ObjectTypes[R] | undefined;
}

export interface ObjectStore {
  /** The newest resourceVersion. */
  readonly version: number;
  get<R extends ResourceName>(resource: R, namespace: string | undefined, name: string): ObjectTypes[R] | undefined;
  /** In key order (namespace, then name), as etcd has them. */
  list<R extends ResourceName>(resource: R): readonly ObjectTypes[R][];
  /** The list as it was at a past version; null when the history does not reach back that far. */
  listAt<R extends ResourceName>(resource: R, version: number): readonly ObjectTypes[R][] | null;
  count(resource: ResourceName): number;
  /** Throws where the name is taken. */
  create<R extends ResourceName>(resource: R, object: ObjectTypes[R]): ObjectTypes[R];
  /** Throws where the object does not exist, or has changed since it was read. Undefined when the write took the last finalizer of a deleted object. */
  update<R extends ResourceName>(resource: R, object: ObjectTypes[R]): ObjectTypes[R] | undefined;
  /** A DELETE request. Undefined when the object is gone. */
  remove<R extends ResourceName>(resource: R, namespace: string | undefined, name: string): ObjectTypes[R] | undefined;
  /** Writes after a version, oldest first, at most `limit`; null when the history does not reach back that far. */
  eventsAfter<R extends ResourceName>(resource: R, version: number, limit: number): readonly StoreEvent<R>[] | null;
  /** The oldest version from which a watch can start. */
  oldestVersion(resource: ResourceName): number;
  /** Makes every version handed out so far too old. */
  forget(): void;
  /** Called after each write of a resource. */
  subscribe(resource: ResourceName, listener: () => void): () => void;
}

interface Table<R extends ResourceName> {
  readonly objects: Map<string, ObjectTypes[R]>;
  sorted: readonly ObjectTypes[R][] | null;
  events: StoreEvent<R>[];
  oldest: number;
  readonly listeners: Set<() => void>;
}
type Tables = { readonly [R in ResourceName]: Table<R> };

/** NUL sorts before every character of a name, so keys sort by namespace first. */
export const formatKey = (namespace: string | undefined, name: string): string => `${namespace ?? ''}\u0000${name}`;
export const keyOf = (object: ObjectTypes[ResourceName]): string => formatKey(object.metadata.namespace, object.metadata.name);
const compareKeys = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const sortObjects = <R extends ResourceName>(objects: Iterable<readonly [string, ObjectTypes[R]]>): ObjectTypes[R][] =>
  [...objects].sort(([a], [b]) => compareKeys(a, b)).map(([, object]) => object);

/** Index of the first event after a version (events are in version order). */
function findFirstAfter(events: readonly StoreEvent[], version: number): number {
  let low = 0;
  let high = events.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((events[middle]?.version ?? 0) > version) high = middle;
    else low = middle + 1;
  }
  return low;
}

export function createObjectStore(options: {
  readonly clock: Clock;
  readonly firstVersion: number;
  readonly historyCount: number;
}): ObjectStore {
  const { clock, historyCount } = options;
  let version = options.firstVersion;
  const createTable = <R extends ResourceName>(): Table<R> => ({
    objects: new Map(),
    sorted: null,
    events: [],
    oldest: version,
    listeners: new Set(),
  });
  const tables: Tables = {
    nodes: createTable(),
    namespaces: createTable(),
    configmaps: createTable(),
    leases: createTable(),
    virtualmachines: createTable(),
    virtualmachineinstances: createTable(),
    virtualmachineinstancemigrations: createTable(),
    pods: createTable(),
    kubevirts: createTable(),
    inventories: createTable(),
    upgrades: createTable(),
    virtualmachinerestores: createTable(),
  };
  const tableOf = <R extends ResourceName>(resource: R): Table<R> => tables[resource];

  function write<R extends ResourceName>(
    resource: R,
    type: StoreEvent['type'],
    object: ObjectTypes[R],
    before: ObjectTypes[R] | undefined,
  ) {
    const table = tableOf(resource);
    version += 1;
    const stored = { ...object, metadata: { ...object.metadata, resourceVersion: String(version) } };
    const key = keyOf(stored);
    if (type === 'DELETED') table.objects.delete(key);
    else table.objects.set(key, stored);
    table.sorted = null;
    table.events.push({ type, version, key, object: stored, before });
    // Trimmed in bulk: cutting the front of a long array at every write would cost more than the write.
    if (table.events.length > historyCount * 1.25) {
      const dropped = table.events.splice(0, table.events.length - historyCount);
      table.oldest = dropped.at(-1)?.version ?? table.oldest;
    }
    for (const listener of [...table.listeners]) listener();
    return stored;
  }

  const store: ObjectStore = {
    get version() {
      return version;
    },
    get: (resource, namespace, name) => tableOf(resource).objects.get(formatKey(namespace, name)),
    list<R extends ResourceName>(resource: R) {
      const table = tableOf(resource);
      table.sorted ??= sortObjects<R>(table.objects);
      return table.sorted;
    },
    listAt<R extends ResourceName>(resource: R, at: number) {
      const table = tableOf(resource);
      if (at < table.oldest || at > version) return null;
      const start = findFirstAfter(table.events, at);
      if (start === table.events.length) return store.list(resource);
      const objects = new Map(table.objects);
      for (const event of table.events.slice(start).reverse()) {
        if (event.before === undefined) objects.delete(event.key);
        else objects.set(event.key, event.before);
      }
      return sortObjects<R>(objects);
    },
    count: (resource) => tableOf(resource).objects.size,
    create(resource, object) {
      const before = tableOf(resource).objects.get(keyOf(object));
      if (before !== undefined) throw new Error(`${resource} "${object.metadata.name}" already exists`);
      return write(resource, 'ADDED', object, undefined);
    },
    update(resource, object) {
      const before = tableOf(resource).objects.get(keyOf(object));
      if (before === undefined) throw new Error(`${resource} "${object.metadata.name}" not found`);
      if (object === before) return before;
      // Empty means unconditional, as in Kubernetes.
      const read = object.metadata.resourceVersion;
      if (read !== '' && read !== before.metadata.resourceVersion) {
        throw new Error(`${resource} "${object.metadata.name}" has changed since it was read`);
      }
      if (object.metadata.deletionTimestamp !== undefined && (object.metadata.finalizers ?? []).length === 0) {
        write(resource, 'DELETED', object, before);
        return undefined;
      }
      // Without a status subresource every write that is not of metadata counts as a change of the wish (KubeVirt's VMI).
      const changed =
        before.spec !== object.spec ||
        (!RESOURCES[resource].statusSubresource && 'status' in before && 'status' in object && before.status !== object.status);
      const generation = before.metadata.generation;
      const next =
        changed && generation !== undefined ? { ...object, metadata: { ...object.metadata, generation: generation + 1 } } : object;
      return write(resource, 'MODIFIED', next, before);
    },
    remove(resource, namespace, name) {
      const before = tableOf(resource).objects.get(formatKey(namespace, name));
      if (before === undefined) throw new Error(`${resource} "${name}" not found`);
      if ((before.metadata.finalizers ?? []).length === 0) {
        write(resource, 'DELETED', before, before);
        return undefined;
      }
      if (before.metadata.deletionTimestamp !== undefined) return before;
      const metadata = { ...before.metadata, deletionTimestamp: formatTime(clock.now()), deletionGracePeriodSeconds: 0 };
      return write(resource, 'MODIFIED', { ...before, metadata }, before);
    },
    eventsAfter(resource, after, limit) {
      const table = tableOf(resource);
      if (after < table.oldest) return null;
      const start = findFirstAfter(table.events, after);
      return table.events.slice(start, start + limit);
    },
    oldestVersion: (resource) => tableOf(resource).oldest,
    forget() {
      version += 1;
      for (const name of RESOURCE_NAMES) {
        tables[name].events = [];
        tables[name].oldest = version;
      }
    },
    subscribe(resource, listener) {
      const { listeners } = tableOf(resource);
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  return store;
}
