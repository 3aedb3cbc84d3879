/** Why a migration waits: domain.md 3.5, 3.6; what holds it by itself, and what it waits for together with the others. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { evacuationOf, evacuationWaitOf } from '../../../core/derive/evacuation.ts';
import { deriveSlotWaits, limitsOf, roughPlace, type SlotUser } from '../../../core/derive/slots.ts';
import { deriveBackoff, deriveWait } from '../../../core/derive/waiting.ts';
import type { HostFact, KubeVirtFact, PodFact, VmiFact, VmimFact } from '../../../core/facts.ts';
import type { Migratable, TransitStage, Wait } from '../../../core/model.ts';
import { hostFact, migrationState, podFact, vmiFact, vmimFact } from '../../support/facts.ts';

const condition = (type: string, message?: string) => ({
  conditions: [{ type, status: 'True' as const, ...(message !== undefined && { message }) }],
});
const UNSCHEDULABLE = 'Unschedulable: 0/3 nodes are available';

describe('what holds a migration by itself', () => {
  type Row = readonly [string, TransitStage, Partial<VmimFact>, Partial<VmiFact>, Partial<PodFact> | null, Wait | undefined];
  const rows: readonly Row[] = [
    ['nothing', 'queued', {}, {}, null, undefined],
    ['quota', 'queued', condition('migrationRejectedByResourceQuota'), {}, null, { reason: 'quota' }],
    ['backup', 'queued', condition('migrationBlockedByBackup', 'b'), {}, null, { reason: 'backup', detail: 'b' }],
    ['utility volumes', 'queued', condition('migrationBlockedByUtilityVolumes'), {}, null, { reason: 'utility-volumes' }],
    ['blocked', 'queued', condition('decentralizedMigrationBlocked', 'b'), {}, null, { reason: 'blocked', detail: 'b' }],
    ['a condition that is over', 'queued', { conditions: [{ type: 'migrationBlockedByBackup', status: 'False' }] }, {}, null, undefined],
    ['the receiver waits for the sender', 'queued', { phase: 'WaitingForSync' }, {}, null, { reason: 'peer' }],
    ['the sender waits for the receiver', 'queued', { phase: 'Synchronizing' }, {}, null, { reason: 'peer' }],
    ['two pods (#12773)', 'queued', {}, { podHosts: ['host-1', ''] }, null, { reason: 'active-pods' }],
    ['two pods, one of them its own', 'scheduling', {}, { podHosts: ['host-1', ''] }, {}, undefined],
    ['no host takes the pod', 'scheduling', {}, {}, { unschedulable: UNSCHEDULABLE }, { reason: 'unschedulable', detail: UNSCHEDULABLE }],
    ['a pod that was placed after all', 'scheduling', {}, {}, { unschedulable: UNSCHEDULABLE, nodeName: 'host-2' }, undefined],
    ['a pod that was unschedulable, and a VMI that is further', 'transferring', {}, {}, { unschedulable: UNSCHEDULABLE }, undefined],
    ['a phase of the future', 'queued', { phase: 'Teleporting' }, {}, null, { reason: 'unknown-phase', detail: 'Teleporting' }],
    [
      'a phase that is none',
      'queued',
      { malformed: 'status.phase is no text' },
      {},
      null,
      { reason: 'unknown-phase', detail: 'status.phase is no text' },
    ],
  ];
  test.each(rows)('%s', (_what, stage, vmim, vmi, pod, expected) => {
    const wait = deriveWait({
      vmim: vmimFact(vmim),
      vmi: vmiFact(vmi),
      pod: pod === null ? undefined : podFact(pod),
      state: undefined,
      stage,
    });
    expect(wait).toEqual(expected);
  });

  test('the target pod is on the source (#18946)', () => {
    const wait = (targetNode: string, vmim: Partial<VmimFact> = {}) =>
      deriveWait({ vmim: vmimFact(vmim), vmi: vmiFact(), pod: undefined, state: migrationState({ targetNode }), stage: 'preparing' });
    expect(wait('host-1')).toEqual({ reason: 'same-host', host: 'host-1' });
    expect(wait('host-2')).toBeUndefined();
    expect(wait('host-1', { direction: 'in' }), 'a host of another cluster that has the same name').toBeUndefined();
  });
});

describe('KubeVirt’s backoff after failures: 20 s, doubled', () => {
  const drained = (uid: string, createdAt: number, changes: Partial<VmimFact> = {}) =>
    vmimFact({ uid, name: uid, createdAt, evacuatingFrom: 'host-1', ...changes });
  const failed = (uid: string, createdAt: number, changes: Partial<VmimFact> = {}) =>
    drained(uid, createdAt, { phase: 'Failed', ...changes });
  const now = drained('now', 9_000);
  test.each([
    ['no failure', [], undefined],
    ['one', [failed('a', 1)], { failures: 1, seconds: 20 }],
    ['three', [failed('a', 1), failed('b', 2), failed('c', 3)], { failures: 3, seconds: 80 }],
    ['a success ends the count', [failed('a', 1), drained('b', 2, { phase: 'Succeeded' }), failed('c', 3)], { failures: 1, seconds: 20 }],
    ['an aborted one does not count', [failed('a', 1, { deleting: true })], undefined],
    ['one that a person started does not count', [vmimFact({ uid: 'a', phase: 'Failed', createdAt: 1 })], undefined],
    ['it is not the newest', [failed('a', 1), failed('b', 10_000)], undefined],
  ] as const)('%s', (_what, siblings, expected) => {
    expect(deriveBackoff(now, [now, ...siblings])).toEqual(expected);
    expect(deriveBackoff(now, [...siblings, now].reverse())).toEqual(expected);
  });

  test('only what KubeVirt itself retries waits, and only while it is Pending', () => {
    expect(deriveBackoff({ ...now, phase: 'Running' }, [failed('a', 1)])).toBeUndefined();
    const byHand = vmimFact({ uid: 'now', createdAt: 9_000 });
    expect(deriveBackoff(byHand, [failed('a', 1)])).toBeUndefined();
    const update = vmimFact({ uid: 'now', createdAt: 9_000, workloadUpdate: true });
    expect(deriveBackoff(update, [failed('a', 1)])).toEqual({ failures: 1, seconds: 20 });
  });

  test('a list without end makes no number without end', () => {
    const many = Array.from({ length: 300 }, (_, index) => failed(`f-${index}`, index));
    expect(Number.isSafeInteger(deriveBackoff(now, many)?.seconds)).toBe(true);
  });
});

const user = (vm: string, changes: Partial<SlotUser> = {}): SlotUser => ({
  vm,
  hosts: ['host-1'],
  isRunning: false,
  hasMigration: true,
  priority: undefined,
  createdAt: 0,
  ...changes,
});
const running = (vm: string, host: string): SlotUser => user(vm, { hosts: [host], isRunning: true });

describe('KubeVirt’s limits', () => {
  const DEFAULTS = limitsOf(undefined);
  const five = [1, 2, 3, 4, 5].map((n) => running(`r-${n}`, `host-${n + 10}`));
  const two = [1, 2].map((n) => running(`r-${n}`, 'host-1'));

  test('are read from the KubeVirt object; without it the defaults are assumed, with it they are not', () => {
    const object: KubeVirtFact = { namespace: 'n', name: 'k' };
    expect(DEFAULTS).toEqual({ perCluster: 5, perHost: 2, assumed: true });
    expect(limitsOf(object)).toEqual({ perCluster: 5, perHost: 2, assumed: false });
    expect(limitsOf({ ...object, perCluster: 10, perHost: 4 })).toEqual({ perCluster: 10, perHost: 4, assumed: false });
  });

  test('the cluster’s: 5 of 5', () => {
    const waits = deriveSlotWaits([...five, user('a')], DEFAULTS);
    expect(waits).toEqual(new Map([['a', { reason: 'cluster-limit', used: 5, limit: 5, assumed: true, place: 1 }]]));
  });

  test('the host’s: 2 of 2, while another host’s goes on', () => {
    const waits = deriveSlotWaits([...two, user('a'), user('b', { hosts: ['host-2'] })], { ...DEFAULTS, assumed: false });
    expect(waits).toEqual(new Map([['a', { reason: 'host-limit', host: 'host-1', used: 2, limit: 2, place: 1 }]]));
  });

  test('a host that the last migration came from counts as well, as virt-controller counts', () => {
    const back = user('r', { hosts: ['host-2', 'host-1'], isRunning: true });
    expect(deriveSlotWaits([back, running('s', 'host-1'), user('a')], DEFAULTS).get('a')?.reason).toBe('host-limit');
  });

  test('those that come next take the free slots, so that a long queue does not flicker', () => {
    const waits = deriveSlotWaits(
      [...five.slice(1), user('a', { createdAt: 1 }), user('b', { createdAt: 2, hosts: ['host-2'] })],
      DEFAULTS,
    );
    expect([...waits.keys()]).toEqual(['b']);
    expect(waits.get('b')).toMatchObject({ reason: 'cluster-limit', used: 5, place: 1 });
  });

  test('the place in the queue is by priority, then by age', () => {
    const waits = deriveSlotWaits(
      [
        ...five,
        user('young', { createdAt: 9 }),
        user('old', { createdAt: 1 }),
        user('upkeep', { createdAt: 0, priority: 'system-maintenance' }),
        user('critical', { createdAt: 99, priority: 'system-critical' }),
        user('person', { createdAt: 50, priority: 'user-triggered' }),
        user('strange', { createdAt: 5, priority: 'of the future' }),
      ],
      DEFAULTS,
    );
    const places = [...waits].sort(([, a], [, b]) => (a.place ?? 0) - (b.place ?? 0)).map(([vm]) => vm);
    expect(places).toEqual(['critical', 'person', 'upkeep', 'old', 'strange', 'young']);
  });

  test.each([
    [1, 1],
    [10, 10],
    [11, 10],
    [19, 10],
    [20, 20],
    [100, 100],
    [199, 100],
    [1_234, 1_000],
  ])('place %i is told as %i', (place, told) => {
    expect(roughPlace(place)).toBe(told);
  });

  test('one that ends changes what a few of a long queue are told, not all of it', () => {
    const queue = Array.from({ length: 1_000 }, (_, index) => user(`q-${index}`, { createdAt: index, hosts: [`host-${index}`] }));
    const before = deriveSlotWaits([...five, ...queue], DEFAULTS);
    const after = deriveSlotWaits([...five, ...queue.slice(1)], DEFAULTS);
    const changed = [...after].filter(([vm, wait]) => wait.place !== before.get(vm)?.place);
    expect(changed.length).toBeLessThan(40);
  });

  test('what holds it by itself comes first, takes no slot, and has no place', () => {
    const waits = deriveSlotWaits(
      [...five.slice(1), user('a', { wait: { reason: 'quota' } }), user('b', { createdAt: 1, hosts: ['h'] })],
      DEFAULTS,
    );
    expect(waits).toEqual(new Map([['a', { reason: 'quota' }]]));
  });

  test('backoff is the reason where a slot is free; where none is, both are told', () => {
    const backoff = { failures: 2, seconds: 40 };
    expect(deriveSlotWaits([user('a', { backoff })], DEFAULTS).get('a')).toEqual({ reason: 'backoff', ...backoff });
    expect(deriveSlotWaits([...five, user('a', { backoff })], DEFAULTS).get('a')).toMatchObject({ reason: 'cluster-limit', ...backoff });
  });

  test('one that was only asked to leave comes last, has no place, and always says what it waits for', () => {
    const asked = user('asked', { hasMigration: false });
    expect(deriveSlotWaits([asked], DEFAULTS).get('asked')).toEqual({ reason: 'no-migration' });
    const waits = deriveSlotWaits([asked, ...two, user('b')], DEFAULTS);
    expect(waits.get('asked')).toMatchObject({ reason: 'host-limit' });
    expect(waits.get('asked')).not.toHaveProperty('place');
    expect(waits.get('b')?.place).toBe(1);
  });

  test('T5: the order in which they became known does not matter', () => {
    const arbitraryUser = fc.record({
      vm: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j'),
      hosts: fc.constantFrom(['host-1'], ['host-2'], ['host-1', 'host-2']),
      isRunning: fc.boolean(),
      hasMigration: fc.boolean(),
      priority: fc.constantFrom(undefined, 'system-critical', 'user-triggered'),
      createdAt: fc.nat(3),
    });
    const users = fc.uniqueArray(arbitraryUser, { selector: ({ vm }) => vm });
    fc.assert(
      fc.property(users, fc.infiniteStream(fc.nat()), (some, keys) => {
        const shuffled = some.map((one) => ({ one, key: keys.next().value })).sort((a, b) => a.key - b.key);
        const inOrder = (waits: Map<string, Wait>) => [...waits].sort(([a], [b]) => (a < b ? -1 : 1));
        expect(
          inOrder(
            deriveSlotWaits(
              shuffled.map(({ one }) => one),
              DEFAULTS,
            ),
          ),
        ).toEqual(inOrder(deriveSlotWaits(some, DEFAULTS)));
      }),
    );
  });
});

describe('asked to leave, without a migration', () => {
  const tainted = hostFact({ taints: ['kubevirt.io/drain'] });
  const byTaint = { evictionStrategy: 'LiveMigrateIfPossible' };
  const rows: readonly (readonly [string, Partial<VmiFact>, HostFact | undefined, KubeVirtFact | undefined, boolean, string | null])[] = [
    ['nobody asked', {}, hostFact(), undefined, true, null],
    ['evacuationNodeName', { evacuatingFrom: 'host-1' }, hostFact(), undefined, true, 'host-1'],
    ['evacuationNodeName of a host that it has left', { evacuatingFrom: 'host-2' }, hostFact(), undefined, true, null],
    ['evacuationNodeName, though it cannot move', { evacuatingFrom: 'host-1' }, hostFact(), undefined, false, 'host-1'],
    ['the drain taint', byTaint, tainted, undefined, true, 'host-1'],
    ['the drain taint, and it cannot move', byTaint, tainted, undefined, false, null],
    ['the drain taint, and it must move', { evictionStrategy: 'LiveMigrate' }, tainted, undefined, false, 'host-1'],
    ['the drain taint, and it is left to others', { evictionStrategy: 'External' }, tainted, undefined, true, null],
    ['the drain taint, no strategy', {}, tainted, undefined, true, null],
    [
      'the drain taint, the cluster’s strategy',
      {},
      tainted,
      { namespace: 'n', name: 'k', evictionStrategy: 'LiveMigrate' },
      true,
      'host-1',
    ],
    ['it is being deleted', { evacuatingFrom: 'host-1', deleting: true }, hostFact(), undefined, true, null],
    ['it does not run yet', { evacuatingFrom: 'host-1', phase: 'Scheduled' }, hostFact(), undefined, true, null],
  ];
  test.each(rows)('%s', (_what, vmi, host, kubevirt, ok, expected) => {
    expect(evacuationOf(vmiFact(vmi), host, kubevirt, { ok })).toBe(expected);
  });

  type EvacuationRow = readonly [string, Partial<VmiFact>, Migratable, Wait | undefined, Partial<HostFact>?];
  const SHUT_DOWN = { maintainStrategy: 'Shutdown' };
  test.each([
    ['nothing of its own', {}, { ok: true }, undefined],
    ['it cannot move', {}, { ok: false, reason: 'device' }, { reason: 'not-migratable', detail: 'device' }],
    [
      'it will be shut down',
      SHUT_DOWN,
      { ok: false, reason: 'device' },
      { reason: 'shutdown', detail: 'Shutdown' },
      { drainRequested: true },
    ],
    ['it is being shut down', SHUT_DOWN, { ok: true }, { reason: 'shutdown', detail: 'Shutdown' }, { maintainStatus: 'running' }],
    ['the label says nothing to an eviction that is not Harvester’s', SHUT_DOWN, { ok: true }, undefined],
    ['the strategy that is the default', { maintainStrategy: 'Migrate' }, { ok: true }, undefined, { drainRequested: true }],
    ['two pods', { podHosts: ['host-1', ''] }, { ok: true }, { reason: 'active-pods' }],
  ] satisfies readonly EvacuationRow[])('what holds it: %s', (...[, vmi, migratable, expected, host]: EvacuationRow) => {
    expect(evacuationWaitOf(vmiFact(vmi), migratable, hostFact(host))).toEqual(expected);
  });
});
