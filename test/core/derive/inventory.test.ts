import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { factKeyOf } from '../../../core/derive/fact-store.ts';
import { Inventory } from '../../../core/derive/inventory.ts';
import { digestOf, formatDigest } from '../../../core/digest.ts';
import { type FactKind, type FactOf, OPTIONAL_KINDS, REQUIRED_KINDS } from '../../../core/facts.ts';
import { hostFact, migrationState, podFact, vmFact, vmiFact, vmimFact } from '../../support/facts.ts';
import { propertyTimeoutMs, runs } from '../../support/runs.ts';

type AnyFact = { [Kind in FactKind]: { kind: Kind; fact: FactOf[Kind] } }[FactKind];

const name = fc.constantFrom('ubuntu', 'debian');
const host = fc.constantFrom('host-1', 'host-2');
const uid = fc.constantFrom('m-1', 'm-2');
const taints = fc.subarray(['kubevirt.io/drain', 'other']);
const sometimes = <Value>(value: fc.Arbitrary<Value>, field: string) =>
  fc.option(value, { nil: undefined }).map((some) => (some === undefined ? {} : { [field]: some }));

const arbitraryHostFact = fc
  .tuple(
    fc.record({
      name: host,
      cordoned: fc.boolean(),
      ready: fc.constantFrom({ type: 'Ready', status: 'True' } as const, { type: 'Ready', status: 'Unknown' } as const),
      taints,
      roles: fc.subarray(['etcd', 'witness']),
      drainRequested: fc.boolean(),
    }),
    sometimes(fc.constantFrom('running', 'completed'), 'maintainStatus'),
  )
  .map(([changes, maintenance]) => hostFact({ ...changes, ...maintenance }));
const arbitraryVmFact = fc
  .tuple(
    fc.record({ name, wantsRunning: fc.constantFrom(true, false, null) }),
    sometimes(fc.constant('r'), 'restore'),
    sometimes(fc.constantFrom({ team: 'a' }, { team: 'b' }), 'labels'),
  )
  .map(([changes, ...more]) => vmFact(Object.assign({ ...changes }, ...more)));
const arbitraryVmiFact = fc
  .tuple(
    fc.record({
      name,
      uid: fc.constantFrom('vmi-1', 'vmi-2'),
      phase: fc.constantFrom('Running', 'Scheduled', 'Succeeded'),
      nodeName: host,
      podHosts: fc.array(host, { minLength: 1, maxLength: 2 }),
      migration: fc
        .record({
          migrationUid: uid,
          started: fc.boolean(),
          ended: fc.boolean(),
          failed: fc.boolean(),
          completed: fc.boolean(),
        })
        .map(migrationState),
    }),
    sometimes(host, 'evacuatingFrom'),
    sometimes(fc.constantFrom('LiveMigrate', 'LiveMigrateIfPossible', 'None'), 'evictionStrategy'),
  )
  .map(([changes, ...more]) => vmiFact(Object.assign({ ...changes }, ...more)));
const arbitraryVmimFact = fc
  .tuple(
    fc.record({
      name: fc.constantFrom('n-1', 'n-2'),
      uid,
      vmiName: name,
      phase: fc.constantFrom('', 'Pending', 'Scheduling', 'Running', 'Succeeded', 'Failed'),
      createdAt: fc.constantFrom(2_000, 3_000),
    }),
    sometimes(host, 'evacuatingFrom'),
    sometimes(fc.constantFrom('system-critical', 'user-triggered'), 'priority'),
  )
  .map(([changes, ...more]) => vmimFact(Object.assign({ ...changes }, ...more)));

const arbitraryFact: fc.Arbitrary<AnyFact> = fc.oneof(
  arbitraryHostFact.map((fact) => ({ kind: 'host' as const, fact })),
  arbitraryVmFact.map((fact) => ({ kind: 'vm' as const, fact })),
  arbitraryVmiFact.map((fact) => ({ kind: 'vmi' as const, fact })),
  arbitraryVmimFact.map((fact) => ({ kind: 'vmim' as const, fact })),
  fc
    .record({ name: fc.constantFrom('p-1', 'p-2'), migrationUid: uid, nodeName: fc.option(host), unschedulable: fc.constantFrom('u', 'v') })
    .map((changes) => ({ kind: 'pod' as const, fact: podFact(changes) })),
  fc
    .tuple(
      fc.record({ name: fc.constantFrom('k-1', 'k-2'), perCluster: fc.nat(2), perHost: fc.nat(2) }),
      sometimes(fc.constantFrom('other', 'none'), 'drainTaint'),
    )
    .map(([changes, taint]) => ({ kind: 'kubevirt' as const, fact: { namespace: 'n', ...changes, ...taint } })),
  fc.record({ name: host, isOff: fc.boolean() }).map((fact) => ({ kind: 'power' as const, fact })),
  fc
    .record({ name: fc.constantFrom('u-1', 'u-2'), active: fc.boolean(), host, state: fc.constantFrom('Pre-draining', 'Succeeded') })
    .map(({ name: upgrade, active, ...state }) => ({
      kind: 'upgrade' as const,
      fact: { namespace: 'n', name: upgrade, active, hostStates: [state] },
    })),
  fc
    .record({ complete: fc.boolean() })
    .map((changes) => ({ kind: 'restore' as const, fact: { namespace: 'default', name: 'r', ...changes } })),
);
const arbitraryStep = fc.oneof(
  arbitraryFact.map((entry) => ({ type: 'set' as const, ...entry })),
  arbitraryFact.map((entry) => ({ type: 'remove' as const, ...entry })),
);
const arbitraryHistory = fc.array(arbitraryStep, { maxLength: 40 });

const keyOf = ({ kind, fact }: AnyFact): string => `${kind} ${factKeyOf(kind, fact)}`;
/** Backwards, so that everything comes before what it depends on. */
const LISTED_KINDS: readonly FactKind[] = [...REQUIRED_KINDS, ...OPTIONAL_KINDS].reverse();

describe('T5: what is derived depends on the objects that exist now, not on how they came', () => {
  test(
    'any history ends like one list of what is left',
    () => {
      fc.assert(
        fc.property(arbitraryHistory, fc.boolean(), (steps, isTakenBetween) => {
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
            if (isTakenBetween) lived.takeChanges();
          }
          const listed = new Inventory();
          for (const kind of LISTED_KINDS) {
            listed.replace(kind, [...left.values()].filter((entry) => entry.kind === kind).map(({ fact }) => fact) as never);
          }
          expect(new Map([...lived.vms].sort())).toEqual(new Map([...listed.vms].sort()));
          expect(new Map([...lived.hosts].sort())).toEqual(new Map([...listed.hosts].sort()));
          expect(lived.digest).toBe(listed.digest);
          expect(lived.digest).toBe(formatDigest(digestOf(lived.hosts.values(), lived.vms.values())));
        }),
        runs(1_000),
      );
    },
    propertyTimeoutMs,
  );

  test('an optional kind that is not heard is as good as absent, and comes back as it is', () => {
    fc.assert(
      fc.property(arbitraryHistory, fc.constantFrom(...OPTIONAL_KINDS), (steps, deaf) => {
        const lived = new Inventory();
        const without = new Inventory();
        for (const { type, kind, fact } of steps) {
          lived[type](kind, fact as never);
          if (kind !== deaf) without[type](kind, fact as never);
        }
        const before = [lived.digest, new Map(lived.vms)];
        lived.trust(deaf, false);
        expect([lived.digest, lived.hosts, lived.vms]).toEqual([without.digest, without.hosts, without.vms]);
        lived.trust(deaf, true);
        expect([lived.digest, lived.vms]).toEqual(before);
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

  test('T5: again where the VMI says why only after the VMIM has failed, and then no more', () => {
    const inventory = new Inventory();
    inventory.set('vmi', vmiFact({ migration: migrationState({ started: true }) }));
    inventory.set('vmim', vmimFact({ phase: 'Failed' }));
    expect(inventory.takeChanges().finished).toMatchObject([{ id: 'vmim-1', outcome: 'failed', from: 'host-1', to: 'host-2' }]);
    const told = vmiFact({ migration: migrationState({ started: true, failed: true, failureReason: 'timed out' }) });
    inventory.set('vmi', told);
    expect(inventory.takeChanges().finished).toMatchObject([{ id: 'vmim-1', reason: 'timed out' }]);
    inventory.remove('vmim', vmimFact({ phase: 'Failed' }));
    inventory.set('vmi', { ...told, phase: 'Failed' });
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

describe('labels', () => {
  const [db, web] = [{ team: 'db' }, { team: 'web' }];

  test.each([
    ['of the VM, off', { vm: vmFact({ labels: db }) }, db],
    ['of the VM, running, whatever its guest has', { vm: vmFact({ labels: db }), vmi: vmiFact({ labels: web }) }, db],
    ['of a VM without any, whatever its guest has', { vm: vmFact(), vmi: vmiFact({ labels: web }) }, undefined],
    ['of a guest without a VM', { vmi: vmiFact({ labels: web }) }, web],
    ['of nobody', { vmi: vmiFact() }, undefined],
  ])('%s', (_whose, { vm, vmi }: { vm?: FactOf['vm']; vmi?: FactOf['vmi'] }, expected) => {
    const inventory = new Inventory();
    if (vm !== undefined) inventory.set('vm', vm);
    if (vmi !== undefined) inventory.set('vmi', vmi);
    expect(inventory.vms.get('default/ubuntu')?.labels).toEqual(expected);
  });

  test('a change of them is a change of the VM, and of nothing else', () => {
    const inventory = new Inventory();
    inventory.replace('vm', [vmFact({ labels: db }), vmFact({ name: 'debian', uid: 'vm-2' })]);
    inventory.takeChanges();
    inventory.set('vm', vmFact({ labels: web }));
    const changes = inventory.takeChanges();
    expect([changes.hosts.size, [...changes.vms.keys()]]).toEqual([0, ['default/ubuntu']]);
    expect(changes.vms.get('default/ubuntu')?.labels).toEqual(web);
    inventory.set('vm', vmFact({ labels: { ...web } }));
    expect(inventory.takeChanges().vms.size).toBe(0);
  });

  test('U8: for whoever does not take them they are not there, in the digest neither, and come back', () => {
    const inventory = new Inventory();
    inventory.set('host', hostFact());
    inventory.set('vm', vmFact({ labels: db }));
    inventory.set('vmi', vmiFact({ name: 'debian', labels: web }));
    const withThem = inventory.digest;
    const without = new Inventory();
    without.set('host', hostFact());
    without.set('vm', vmFact());
    without.set('vmi', vmiFact({ name: 'debian' }));
    inventory.takeChanges();
    inventory.showLabels(false);
    expect(inventory.digest).toBe(without.digest);
    expect([...inventory.vms.values()]).toEqual([...without.vms.values()]);
    expect([...inventory.takeChanges().vms.keys()].sort()).toEqual(['default/debian', 'default/ubuntu']);
    inventory.set('vm', vmFact({ labels: web }));
    expect(inventory.takeChanges().vms.size).toBe(0);
    inventory.set('vm', vmFact({ labels: db }));
    inventory.showLabels(true);
    expect(inventory.digest).toBe(withThem);
    expect(inventory.vms.get('default/debian')?.labels).toEqual(web);
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

describe('what hangs together is derived together', () => {
  const drained = { evacuatingFrom: 'host-1', evictionStrategy: 'LiveMigrate' };
  const fleet = (count: number, changes = {}) =>
    Array.from({ length: count }, (_, n) => vmiFact({ name: `vm-${n}`, uid: `u-${n}`, ...changes }));

  test('a host’s drain follows its VMs', () => {
    const inventory = new Inventory();
    inventory.set('host', hostFact({ cordoned: true }));
    inventory.set('host', hostFact({ name: 'host-2' }));
    inventory.replace('vmi', fleet(3, drained));
    expect(inventory.hosts.get('host-1')).toMatchObject({
      state: 'draining',
      drain: { here: 3, waiting: 3, safe: false, because: 'vms-here' },
    });
    inventory.takeChanges();
    inventory.set('vmi', vmiFact({ name: 'vm-0', uid: 'u-0', nodeName: 'host-2' }));
    expect(inventory.takeChanges().hosts.get('host-1')).toMatchObject({ drain: { here: 2 } });
    inventory.replace('vmi', []);
    expect(inventory.takeChanges().hosts.get('host-1')).toMatchObject({
      state: 'cordoned',
      drain: { here: 0, safe: true, because: 'empty' },
    });
    expect(inventory.hosts.get('host-2')?.drain).toBeUndefined();
  });

  test('while nobody can tell where a VM is being placed, no host is safe', () => {
    const inventory = new Inventory();
    for (const name of ['host-1', 'host-2']) inventory.set('host', hostFact({ name, cordoned: true }));
    const answers = () => ['host-1', 'host-2'].map((name) => inventory.hosts.get(name)?.drain?.because);
    expect(answers()).toEqual(['empty', 'empty']);
    const starting = { phase: 'Scheduling', nodeName: null };
    inventory.set('vmi', vmiFact({ ...starting, podHosts: [''] }));
    expect(answers()).toEqual(['vms-unplaced', 'vms-unplaced']);
    inventory.set('vmi', vmiFact({ ...starting, podHosts: ['host-2'] }));
    expect(answers()).toEqual(['empty', 'vms-arriving']);
    inventory.set('vmi', vmiFact({ nodeName: 'host-2' }));
    expect(answers()).toEqual(['empty', 'vms-here']);
    inventory.remove('vmi', vmiFact({ nodeName: 'host-2' }));
    expect(answers()).toEqual(['empty', 'empty']);
  });

  test('a target pod that is heard of before its migration keeps its host, until it has ended', () => {
    const inventory = new Inventory();
    inventory.set('host', hostFact());
    inventory.set('host', hostFact({ name: 'host-2', cordoned: true }));
    const because = () => inventory.hosts.get('host-2')?.drain?.because;
    inventory.set('pod', podFact({ nodeName: 'host-2' }));
    inventory.set('vmi', vmiFact());
    expect(because()).toBe('vms-arriving');
    inventory.trust('pod', false);
    expect(because()).toBe('empty');
    inventory.trust('pod', true);
    expect(because()).toBe('vms-arriving');
    inventory.set('pod', podFact({ nodeName: 'host-2', ended: true }));
    expect(because()).toBe('empty');
  });

  test('T7: a VM on a host whose kubelet is silent is unknown, whatever the Seeder is doing with the host', () => {
    const inventory = new Inventory();
    inventory.set('host', hostFact({ ready: { type: 'Ready', status: 'Unknown', reason: 'NodeStatusUnknown' } }));
    inventory.set('power', { name: 'host-1', isOff: false, requested: 'reboot' });
    inventory.set('vmi', vmiFact());
    expect(inventory.hosts.get('host-1')?.state).toBe('rebooting');
    expect(inventory.vms.get('default/ubuntu')).toMatchObject({ state: 'unknown', danger: ['dead-host'] });
  });

  test('a migration that the VMI itself carries is of this run, whatever the clocks say', () => {
    const inventory = new Inventory();
    inventory.set('host', hostFact());
    inventory.set('vmi', vmiFact({ createdAt: 2_000, migration: migrationState({ started: true, mode: 'PostCopy' }) }));
    inventory.set('vmim', vmimFact({ createdAt: 1_000, phase: 'Running' }));
    expect(inventory.vms.get('default/ubuntu')).toMatchObject({ transit: { stage: 'transferring' }, danger: ['post-copy'] });
  });

  test('many migrations that are deleted at once cost no more than each once', () => {
    const inventory = new Inventory();
    const vmis = fleet(2_000);
    inventory.replace('vmi', vmis);
    const vmims = vmis.map(({ name, uid }) => vmimFact({ name: `m-${name}`, uid: `m-${uid}`, vmiName: name }));
    inventory.replace('vmim', vmims);
    inventory.takeChanges();
    for (const vmim of vmims) inventory.remove('vmim', { ...vmim, phase: 'Succeeded' });
    const { finished } = inventory.takeChanges();
    expect(finished).toHaveLength(2_000);
  });

  test('etcd’s quorum is everybody’s matter', () => {
    const inventory = new Inventory();
    for (const n of [1, 2, 3]) inventory.set('host', hostFact({ name: `host-${n}`, votes: 'etcd', cordoned: n === 1 }));
    expect(inventory.hosts.get('host-1')?.drain).toMatchObject({ safe: true });
    inventory.takeChanges();
    inventory.set('host', hostFact({ name: 'host-3', votes: 'etcd', ready: { type: 'Ready', status: 'Unknown' } }));
    expect(inventory.takeChanges().hosts.get('host-1')?.drain).toMatchObject({ safe: false, because: 'etcd-quorum' });
  });

  test('one that ends lets the next one go, and only what changes is told', () => {
    const inventory = new Inventory();
    inventory.set('host', hostFact());
    inventory.set('kubevirt', { namespace: 'n', name: 'k' });
    inventory.replace('vmi', fleet(5));
    const migrate = (n: number, phase: string) =>
      inventory.set('vmim', vmimFact({ name: `m-${n}`, uid: `m-${n}`, vmiName: `vm-${n}`, phase, createdAt: 2_000 + n }));
    for (const n of [0, 1]) migrate(n, 'Running');
    for (const n of [2, 3, 4]) migrate(n, 'Pending');
    const wait = (n: number) => inventory.vms.get(`default/vm-${n}`)?.transit?.waitingFor;
    expect([2, 3, 4].map(wait)).toMatchObject([1, 2, 3].map((place) => ({ reason: 'host-limit', used: 2, limit: 2, place })));
    inventory.takeChanges();
    migrate(0, 'Failed');
    expect([2, 3, 4].map(wait)).toMatchObject([undefined, { place: 1 }, { place: 2 }] as never);
    expect([...inventory.takeChanges().vms.keys()].sort()).toEqual(['default/vm-0', 'default/vm-2', 'default/vm-3', 'default/vm-4']);
    migrate(2, 'Scheduling');
    expect([...inventory.takeChanges().vms.keys()]).toEqual(['default/vm-2']);
  });

  test('T7: a VM on a host that does not exist is not simply running', () => {
    const inventory = new Inventory();
    inventory.set('vmi', vmiFact());
    expect(inventory.vms.get('default/ubuntu')).toMatchObject({ state: 'unknown', danger: ['dead-host'], host: 'host-1' });
    inventory.set('host', hostFact());
    expect(inventory.vms.get('default/ubuntu')?.state).toBe('running');
  });

  test('a Node’s heartbeat changes nothing', () => {
    const inventory = new Inventory();
    inventory.set('host', hostFact());
    inventory.takeChanges();
    inventory.set('host', hostFact());
    expect(inventory.takeChanges().hosts.size).toBe(0);
  });
});
