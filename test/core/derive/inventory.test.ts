import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type FactKind, type FactOf, Inventory } from '../../../core/derive/inventory.ts';
import { digestOf, formatDigest } from '../../../core/digest.ts';
import { hostFact, migrationState, vmFact, vmiFact, vmimFact } from '../../support/facts.ts';

type AnyFact = { [Kind in FactKind]: { kind: Kind; fact: FactOf[Kind] } }[FactKind];

const name = fc.constantFrom('ubuntu', 'debian');
const host = fc.constantFrom('host-1', 'host-2');
const arbitraryFact: fc.Arbitrary<AnyFact> = fc.oneof(
  fc
    .record({
      name: host,
      cordoned: fc.boolean(),
      ready: fc.constantFrom({ type: 'Ready', status: 'True' } as const, { type: 'Ready', status: 'Unknown' } as const),
    })
    .map((changes) => ({ kind: 'host' as const, fact: hostFact(changes) })),
  fc.record({ name, wantsRunning: fc.constantFrom(true, false, null) }).map((changes) => ({ kind: 'vm' as const, fact: vmFact(changes) })),
  fc
    .record({
      name,
      uid: fc.constantFrom('vmi-1', 'vmi-2'),
      phase: fc.constantFrom('Running', 'Scheduled', 'Succeeded'),
      nodeName: host,
      migration: fc
        .record({
          migrationUid: fc.constantFrom('m-1', 'm-2'),
          started: fc.boolean(),
          ended: fc.boolean(),
          failed: fc.boolean(),
          completed: fc.boolean(),
        })
        .map(migrationState),
    })
    .map((changes) => ({ kind: 'vmi' as const, fact: vmiFact(changes) })),
  fc
    .record({
      name: fc.constantFrom('n-1', 'n-2'),
      uid: fc.constantFrom('m-1', 'm-2'),
      vmiName: name,
      phase: fc.constantFrom('', 'Scheduling', 'Running', 'Succeeded', 'Failed'),
    })
    .map((changes) => ({ kind: 'vmim' as const, fact: vmimFact(changes) })),
);
const arbitraryStep = fc.oneof(
  arbitraryFact.map((entry) => ({ type: 'set' as const, ...entry })),
  arbitraryFact.map((entry) => ({ type: 'remove' as const, ...entry })),
);

const keyOf = ({ kind, fact }: AnyFact): string => (kind === 'host' ? `${kind} ${fact.name}` : `${kind} ${fact.namespace}/${fact.name}`);

describe('T5: what is derived depends on the objects that exist now, not on how they came', () => {
  test('any history ends like one list of what is left', () => {
    fc.assert(
      fc.property(fc.array(arbitraryStep, { maxLength: 30 }), (steps) => {
        const lived = new Inventory();
        const left = new Map<string, AnyFact>();
        for (const step of steps) {
          if (step.type === 'set') {
            lived.set(step.kind, step.fact as never);
            left.set(keyOf(step), step);
          } else {
            lived.remove(step.kind, step.fact as never);
            left.delete(keyOf(step));
          }
        }
        const listed = new Inventory();
        for (const kind of ['vmim', 'vmi', 'vm', 'host'] as const) {
          listed.replace(kind, [...left.values()].filter((entry) => entry.kind === kind).map(({ fact }) => fact) as never);
        }
        expect(new Map([...lived.vms].sort())).toEqual(new Map([...listed.vms].sort()));
        expect(new Map([...lived.hosts].sort())).toEqual(new Map([...listed.hosts].sort()));
        expect(lived.digest).toBe(listed.digest);
        expect(lived.digest).toBe(formatDigest(digestOf(lived.hosts.values(), lived.vms.values())));
      }),
    );
  });

  test('the changes that are taken add up to what is there', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(arbitraryStep, fc.boolean()), { maxLength: 30 }), (steps) => {
        const inventory = new Inventory();
        const hosts = new Map();
        const vms = new Map();
        const take = (): void => {
          const changes = inventory.takeChanges();
          for (const [key, value] of changes.hosts) value === null ? hosts.delete(key) : hosts.set(key, value);
          for (const [key, value] of changes.vms) value === null ? vms.delete(key) : vms.set(key, value);
        };
        for (const [step, isTaken] of steps) {
          if (step.type === 'set') inventory.set(step.kind, step.fact as never);
          else inventory.remove(step.kind, step.fact as never);
          if (isTaken) take();
        }
        take();
        expect(hosts).toEqual(inventory.hosts);
        expect(vms).toEqual(inventory.vms);
        expect(inventory.takeChanges()).toEqual({ hosts: new Map(), vms: new Map(), finished: [] });
      }),
    );
  });
});

test('T4: a VMIM of the same name that belongs to another VM leaves the first one alone', () => {
  const inventory = new Inventory();
  for (const name of ['ubuntu', 'debian']) inventory.set('vmi', vmiFact({ name }));
  inventory.set('vmim', vmimFact({ name: 'm', vmiName: 'ubuntu' }));
  expect(inventory.vms.get('default/ubuntu')?.transit?.id).toBe('vmim-1');
  inventory.replace('vmim', [vmimFact({ name: 'm', uid: 'vmim-2', vmiName: 'debian' })]);
  expect(inventory.vms.get('default/ubuntu')?.transit).toBeUndefined();
  expect(inventory.vms.get('default/debian')?.transit?.id).toBe('vmim-2');
});

describe('finished migrations', () => {
  test('each is reported once', () => {
    const inventory = new Inventory();
    inventory.set('vmi', vmiFact());
    inventory.set('vmim', vmimFact({ phase: 'Failed' }));
    expect(inventory.takeChanges().finished.map(({ id }) => id)).toEqual(['vmim-1']);
    inventory.set('vmi', vmiFact({ phase: 'Succeeded' }));
    inventory.replace('vmim', [vmimFact({ phase: 'Failed' })]);
    expect(inventory.takeChanges().finished).toEqual([]);
  });

  test('T3: an aborted one is told by the last state of the VMIM that was deleted', () => {
    const inventory = new Inventory();
    inventory.set('vmi', vmiFact());
    inventory.set('vmim', vmimFact({ phase: 'Running' }));
    inventory.takeChanges();
    inventory.remove('vmim', vmimFact({ phase: 'Failed', deleting: true, abortRequested: true }));
    expect(inventory.takeChanges().finished).toMatchObject([{ id: 'vmim-1', outcome: 'aborted' }]);
    expect(inventory.vms.get('default/ubuntu')?.transit).toBeUndefined();
  });

  test('T8: one that is deleted before the VMI has heard of it is told by its last state, for nobody else may be left to tell it', () => {
    const inventory = new Inventory();
    inventory.set('vmi', vmiFact());
    const over = vmimFact({ phase: 'Succeeded', migration: migrationState({ started: true, ended: true, completed: true }) });
    inventory.set('vmim', over);
    expect(inventory.takeChanges().finished).toEqual([]);
    inventory.remove('vmim', over);
    inventory.remove('vmi', vmiFact());
    expect(inventory.takeChanges().finished).toMatchObject([{ id: 'vmim-1', outcome: 'succeeded', from: 'host-1', to: 'host-2' }]);
  });

  test('T7: a host that stops answering changes its VMs, and back', () => {
    const inventory = new Inventory();
    inventory.set('host', hostFact());
    inventory.set('vmi', vmiFact());
    inventory.takeChanges();
    inventory.set('host', hostFact({ ready: { type: 'Ready', status: 'Unknown' } }));
    expect(inventory.takeChanges().vms.get('default/ubuntu')).toMatchObject({ state: 'unknown', danger: ['dead-host'], host: 'host-1' });
    inventory.set('host', hostFact());
    expect(inventory.takeChanges().vms.get('default/ubuntu')?.state).toBe('running');
  });
});

test('U4: what came and went untold is not told as gone, and not remembered', () => {
  const inventory = new Inventory();
  for (let count = 0; count < 100; count += 1) {
    inventory.set('vm', vmFact({ name: `n-${count}` }));
    inventory.set('host', hostFact({ name: `h-${count}` }));
    inventory.takeFinished();
    inventory.remove('vm', vmFact({ name: `n-${count}` }));
    inventory.remove('host', hostFact({ name: `h-${count}` }));
    inventory.takeFinished();
  }
  expect(inventory.takeChanges()).toEqual({ hosts: new Map(), vms: new Map(), finished: [] });
  inventory.set('vm', vmFact());
  inventory.takeChanges();
  inventory.set('vm', vmFact({ wantsRunning: false }));
  inventory.takeFinished();
  inventory.remove('vm', vmFact());
  expect(inventory.takeChanges().vms).toEqual(new Map([['default/ubuntu', null]]));
});
