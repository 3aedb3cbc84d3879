/** T7: whatever stands in an object, nothing throws, the room takes what is made of it, and the rest of the picture is unaffected. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { factKeyOf } from '../../core/derive/fact-store.ts';
import { Inventory } from '../../core/derive/inventory.ts';
import type { FactKind } from '../../core/facts.ts';
import { vmIdOf } from '../../core/model.ts';
import { formatSync } from '../../forwarder/batches.ts';
import { KINDS, PROJECTORS } from '../../forwarder/projector.ts';
import { createCluster } from '../../simulator/cluster.ts';
import { propertyTimeoutMs, runs } from '../support/runs.ts';
import { RESOURCE_OF } from '../support/tape.ts';

/** Loaded by its URL: worker/ is typed for another environment, so this folder's project cannot list it. */
const { parseBatch } = (await import(new URL('../../worker/schemas.ts', import.meta.url).href)) as {
  parseBatch(input: unknown): { readonly ok: boolean };
};

const cluster = createCluster({ name: 'harvester', hosts: 3, vms: 12, seed: 1, inventories: true });
const vmi = cluster.list('virtualmachineinstances').find(({ status }) => status?.phase === 'Running');
const target = cluster.list('nodes').find(({ metadata }) => metadata.name !== vmi?.status?.nodeName)?.metadata.name ?? '';
cluster.migrate({ namespace: vmi?.metadata.namespace ?? '', name: vmi?.metadata.name ?? '', to: target }).stepTo('Running');
const objects: ReadonlyMap<FactKind, readonly unknown[]> = new Map(KINDS.map((kind) => [kind, cluster.list(RESOURCE_OF[kind])]));

/** Every way into an object. */
function pathsOf(value: unknown, path: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, inner]) => pathsOf(inner, [...path, key]))];
}

function withChange(object: unknown, path: readonly string[], value: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  const copy = structuredClone(object) as Record<string, unknown>;
  copy[key] = withChange(copy[key], rest, value);
  return copy;
}

const KIND_OBJECTS = [...objects].flatMap(([kind, list]) => list.slice(0, 3).map((object) => ({ kind, object })));
const arbitraryConditions = fc.array(
  fc.record({
    type: fc.constantFrom('Ready', 'DiskPressure', 'MemoryPressure', 'Failure', 'LiveMigratable', 'Paused', 'PodScheduled', 'odd'),
    status: fc.constantFrom('True', 'False', 'Unknown', 7),
    reason: fc.oneof(fc.constantFrom('Unschedulable', 'PausedIOError'), fc.string({ unit: 'binary' })),
    message: fc.string({ unit: 'binary', maxLength: 700, size: 'max' }),
  }),
  { maxLength: 200, size: 'max' },
);
const arbitraryValue = fc.oneof(
  fc.anything(),
  fc.string({ unit: 'binary', maxLength: 700, size: 'max' }),
  {
    weight: 3,
    arbitrary: fc.constantFrom<unknown>(
      'a/b',
      'Ünï',
      '',
      '__proto__',
      'x'.repeat(254),
      'x'.repeat(600),
      -1,
      1e308,
      Number.NaN,
      [],
      {},
      null,
      undefined,
      '16Pi',
    ),
  },
  arbitraryConditions,
);
/** Mostly what is read: of the hundreds of fields few are. */
const arbitraryPath = (object: unknown): fc.Arbitrary<readonly string[]> => {
  const paths = pathsOf(object).filter((path) => path.length > 0);
  return fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...paths.filter((path) => path.length <= 2)) },
    { weight: 2, arbitrary: fc.constantFrom(...paths) },
  );
};
const arbitraryOddity = fc.constantFrom(...KIND_OBJECTS).chain(({ kind, object }) =>
  fc.record({
    kind: fc.constant(kind),
    object: fc
      .array(fc.tuple(arbitraryPath(object), arbitraryValue), {
        minLength: 1,
        maxLength: 3,
      })
      .map((changes) =>
        changes.reduce<unknown>((so, [path, value]) => {
          try {
            return withChange(so, path, value);
          } catch {
            // An earlier change has taken the way there.
            return so;
          }
        }, object),
      ),
    original: fc.constant(object),
  }),
);

function modelOf(change?: { readonly original: unknown; readonly object: unknown }): Inventory {
  const inventory = new Inventory();
  for (const [kind, list] of objects) {
    for (const object of list) {
      const fact = PROJECTORS[kind](change !== undefined && object === change.original ? change.object : object);
      if (fact.ok) inventory.set(kind, fact.value as never);
    }
  }
  return inventory;
}

const plain = modelOf();

/** VMs and hosts that an object can say something about: its own, and for what is of the whole cluster all. */
function isConcerned(kind: FactKind, original: unknown, id: string): boolean {
  const fact = PROJECTORS[kind](original);
  if (!fact.ok) return true;
  if (kind === 'vm' || kind === 'vmi') return factKeyOf(kind, fact.value as never) === id;
  if (kind === 'vmim') {
    const { namespace, vmiName } = fact.value as { readonly namespace: string; readonly vmiName: string };
    return vmIdOf(namespace, vmiName) === id;
  }
  return true;
}

test(
  'one object is changed in any way',
  () => {
    fc.assert(
      fc.property(arbitraryOddity, (oddity) => {
        const inventory = modelOf(oddity);
        const { hosts, vms, digest } = inventory;
        const { finished } = inventory.takeChanges();
        for (const body of formatSync(1, { hosts: hosts.values(), vms: vms.values(), finished, digest }, 900_000)) {
          expect(parseBatch(JSON.parse(body))).toMatchObject({ ok: true });
        }
        for (const [id, vm] of plain.vms) if (!isConcerned(oddity.kind, oddity.original, id)) expect(vms.get(id)).toEqual(vm);
      }),
      runs(1_000),
    );
  },
  propertyTimeoutMs,
);
