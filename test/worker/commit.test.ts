import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { applyFrame, stateOf } from '../../core/cluster-state.ts';
import { digestOf, EMPTY_DIGEST, formatDigest } from '../../core/digest.ts';
import { composeVm } from '../../core/memory.ts';
import type { DerivedTransit, DerivedVm } from '../../core/model.ts';
import { type Delta, deltaOfSync } from '../../worker/commit.ts';
import { RoomTables } from '../support/room-tables.ts';
import { finished, host, vm } from './support.ts';

const transit = (id: string, rest: Partial<DerivedTransit> = {}): DerivedTransit => ({
  id,
  stage: 'transferring',
  cause: 'user',
  from: 'host-1',
  to: 'host-2',
  ...rest,
});

describe('a commit', () => {
  test('shows what changed, whole, and writes nothing else', () => {
    const tables = new RoomTables();
    tables.commit({ hosts: [host('host-1')], vms: [vm('a', 'host-1'), vm('b', 'host-1')] });
    const commit = tables.commit({ hosts: [host('host-1')], vms: [vm('a', 'host-1'), vm('b', null)], goneVms: ['default/never'] });
    expect(commit.shown).toEqual({ vms: [{ ...composeVm(vm('b', null), {}), previous: { host: 'host-1', until: 1 } }] });
    expect(commit.hosts).toEqual([]);
    expect(commit.vms.map(({ derived }) => derived.id)).toEqual(['default/b']);
    expect([commit.hostCount, commit.vmCount]).toEqual([0, 0]);
  });

  test('a change that nobody can see is kept and makes no frame', () => {
    const tables = new RoomTables();
    tables.commit({ vms: [vm('a', 'host-1')] });
    const commit = tables.commit({ vms: [vm('a', 'host-1', { uid: 'another run' })] });
    expect(commit.vms).toHaveLength(1);
    expect(commit.shown).toBeNull();
  });

  test('T8: finished migrations are remembered before the change that ends the transit', () => {
    const tables = new RoomTables();
    tables.commit({ vms: [vm('a', 'host-1', { transit: transit('m1') })] }, 100);
    const commit = tables.commit({ vms: [vm('a', 'host-2')], finished: [finished('m1', 'a')] }, 200);
    expect(commit.ended).toMatchObject([{ id: 'm1', outcome: 'succeeded', startedAt: 100, endedAt: 200 }]);
    expect(commit.shown?.vms?.[0]).toMatchObject({ host: 'host-2', lastMigration: { outcome: 'succeeded', endedAt: 200 } });
    expect(commit.shown?.vms?.[0]?.transit).toBeUndefined();
  });

  test('T8: what a known end lacks is filled in by a later word, once, and everybody sees it', () => {
    const tables = new RoomTables();
    const failed = finished('m1', 'a', { outcome: 'failed', from: null });
    tables.commit({ vms: [vm('a', 'host-1')], finished: [failed] }, 100);
    const told = tables.commit({ finished: [{ ...failed, from: 'host-1', reason: 'timed out' }] }, 200);
    expect(told.ended).toMatchObject([{ id: 'm1', outcome: 'failed', from: 'host-1', reason: 'timed out', endedAt: 100 }]);
    expect(told.shown?.vms?.[0]?.lastMigration).toMatchObject({ reason: 'timed out', endedAt: 100 });
    const again = tables.commit({ finished: [{ ...failed, from: 'host-9', reason: 'another' }] }, 300, false);
    expect(again).toMatchObject({ ended: [], vms: [], shown: null });
  });

  test('T8: a word on an older migration changes that one, not what is shown of the newest', () => {
    const tables = new RoomTables();
    const failed = finished('m1', 'a', { outcome: 'failed', createdAt: 1 });
    tables.commit({ vms: [vm('a', 'host-1')], finished: [failed, finished('m2', 'a', { createdAt: 2 })] }, 100);
    const told = tables.commit({ finished: [{ ...failed, reason: 'timed out' }] }, 200);
    expect(told).toMatchObject({ ended: [{ id: 'm1', reason: 'timed out' }], shown: null });
  });

  test('T8: a host that is being emptied keeps how many VMs were there', () => {
    const tables = new RoomTables();
    const drain = (here: number) => ({
      state: 'draining' as const,
      drain: {
        here,
        moving: 0,
        stopping: 0,
        waiting: here,
        stuck: 0,
        arriving: 0,
        safe: here === 0,
        because: here === 0 ? ('empty' as const) : ('vms-here' as const),
      },
    });
    tables.commit({ hosts: [host('host-1')] }, 100);
    tables.commit({ hosts: [host('host-1', drain(3))] }, 200);
    const { shown } = tables.commit({ hosts: [host('host-1', drain(1))] }, 300);
    expect(shown?.hosts).toMatchObject([{ drain: { were: 3, here: 1, since: 200 } }]);
    const synced = tables.commit({ hosts: [host('host-1', drain(1))] }, 400, false);
    expect(synced).toMatchObject({ hosts: [], shown: null });
    tables.commit({ hosts: [host('host-1')] }, 500);
    expect(tables.hosts.get('host-1')?.memory).toEqual({});
  });

  test('T8: a migration that is known is not ended again', () => {
    const tables = new RoomTables();
    tables.commit({ vms: [vm('a', 'host-2')], finished: [finished('m1', 'a')] }, 100);
    const again = tables.commit({ finished: [finished('m1', 'a'), finished('m1', 'a', { outcome: 'failed' })] }, 200, false);
    expect(again).toMatchObject({ ended: [], vms: [], shown: null });
  });

  test('T8: a transit that vanishes is unknown, until something known comes, once', () => {
    const tables = new RoomTables();
    tables.commit({ vms: [vm('a', 'host-1', { transit: transit('m1') })] }, 100);
    expect(tables.commit({ vms: [vm('a', 'host-1')] }, 200).ended).toMatchObject([{ id: 'm1', outcome: 'unknown' }]);
    const known = tables.commit({ finished: [finished('m1', 'a', { outcome: 'aborted' })] }, 300);
    expect(known.ended).toMatchObject([
      { id: 'm1', outcome: 'aborted', startedAt: 100, endedAt: 200, stages: [{ stage: 'transferring' }] },
    ]);
    expect(known.shown?.vms?.[0]?.lastMigration).toMatchObject({ outcome: 'aborted' });
    expect(tables.commit({ finished: [finished('m1', 'a', { outcome: 'succeeded' })] }, 400).ended).toEqual([]);
  });

  test('T8: the VMI may go on showing a migration that has ended; that says nothing new', () => {
    const tables = new RoomTables();
    const moving = vm('a', 'host-2', { transit: transit('m1', { stage: 'finishing' }) });
    tables.commit({ vms: [moving] }, 100);
    tables.commit({ vms: [moving], finished: [finished('m1', 'a')] }, 200);
    expect(tables.commit({ vms: [vm('a', 'host-2')] }, 300).ended).toEqual([]);
    expect(tables.migrations.get('m1')).toMatchObject({ outcome: 'succeeded', startedAt: 100, endedAt: 200 });
  });

  test('T8: nor does it where another migration has ended since', () => {
    const tables = new RoomTables();
    const moving = vm('a', 'host-2', { transit: transit('m1', { stage: 'finishing' }) });
    tables.commit({ vms: [moving] }, 100);
    tables.commit({ vms: [moving], finished: [finished('m1', 'a')] }, 200);
    tables.commit({ finished: [finished('m2', 'a', { createdAt: 2 })] }, 300);
    expect(tables.commit({ vms: [vm('a', 'host-2')] }, 400).ended).toEqual([]);
    expect(tables.migrations.get('m1')).toMatchObject({ outcome: 'succeeded' });
    expect(tables.view().vms[0]?.lastMigration).toMatchObject({ outcome: 'succeeded', endedAt: 300 });
  });

  test('T8: one that vanished, came back after another had ended, and vanished again, has ended once', () => {
    const tables = new RoomTables();
    tables.commit({ vms: [vm('a', 'host-1', { transit: transit('m1') })] }, 100);
    tables.commit({ vms: [vm('a', 'host-1')] }, 200);
    tables.commit({ finished: [finished('m2', 'a')] }, 300);
    tables.commit({ vms: [vm('a', 'host-1', { transit: transit('m1') })] }, 400);
    expect(tables.commit({ vms: [vm('a', 'host-1')] }, 500).ended).toEqual([]);
  });

  test('a migration of a VM that is gone is kept without the VM', () => {
    const tables = new RoomTables();
    const commit = tables.commit({ finished: [finished('m1', 'gone')] });
    expect(commit.ended).toHaveLength(1);
    expect(commit).toMatchObject({ vms: [], goneVms: [], shown: null, vmCount: 0 });
  });

  test('a VM that is deleted under way leaves an unknown end', () => {
    const tables = new RoomTables();
    tables.commit({ vms: [vm('a', 'host-1', { transit: transit('m1') })] });
    const commit = tables.commit({ goneVms: ['default/a'] });
    expect(commit).toMatchObject({ goneVms: ['default/a'], vmCount: -1, ended: [{ id: 'm1', outcome: 'unknown' }] });
    expect(commit.shown).toEqual({ goneVms: ['default/a'] });
  });
});

describe('U3: a sync', () => {
  test('replaces all that there was, as the real difference', () => {
    const tables = new RoomTables();
    tables.commit({ hosts: [host('host-1'), host('host-2')], vms: [vm('a', 'host-1'), vm('b', 'host-1'), vm('c', 'host-2')] });
    const parts = [
      { hosts: [host('host-1')], vms: [vm('a', 'host-1')], finished: [] },
      { hosts: [], vms: [vm('b', 'host-2'), vm('d', null)], finished: [] },
    ];
    const commit = tables.commit(deltaOfSync(parts, { hosts: tables.hosts.keys(), vms: tables.vms.keys() }), 2, false);
    expect(commit.shown).toMatchObject({
      vms: [
        { id: 'default/b', host: 'host-2' },
        { id: 'default/d', host: null },
      ],
      goneHosts: ['host-2'],
      goneVms: ['default/c'],
    });
    expect([commit.hostCount, commit.vmCount]).toEqual([-1, 0]);
  });

  test('that changes nothing shows nothing and writes nothing', () => {
    const tables = new RoomTables();
    const all = { hosts: [host('host-1')], vms: [vm('a', 'host-1', { transit: transit('m1') })], finished: [finished('m0', 'a')] };
    tables.commit(all);
    const commit = tables.commit(deltaOfSync([all], { hosts: tables.hosts.keys(), vms: tables.vms.keys() }), 99, false);
    expect(commit).toMatchObject({ hosts: [], vms: [], goneHosts: [], goneVms: [], ended: [], shown: null });
  });

  test('T6: a migration that ended while nobody watched has no end time', () => {
    const tables = new RoomTables();
    const delta = deltaOfSync([{ hosts: [], vms: [vm('a', 'host-2')], finished: [finished('m1', 'a')] }], { hosts: [], vms: [] });
    expect(tables.commit(delta, 5, false).shown?.vms?.[0]?.lastMigration).toMatchObject({ outcome: 'succeeded', endedAt: null });
  });
});

describe('D2', () => {
  const hostNames = fc.constantFrom('host-1', 'host-2', 'host-3');
  const hosts = fc.record({ name: hostNames, cpu: fc.nat(2) }).map(({ name, cpu }) => host(name, { cpu }));
  const vms: fc.Arbitrary<DerivedVm> = fc
    .record({ name: fc.constantFrom('a', 'b', 'c'), on: fc.option(hostNames), move: fc.option(fc.constantFrom('m1', 'm2')) })
    .map(({ name, on, move }) => vm(name, on, move === null ? {} : { transit: transit(`${move}-${name}`, { from: on }) }));
  const ends = fc
    .record({
      id: fc.constantFrom('m1', 'm2'),
      name: fc.constantFrom('a', 'b', 'c'),
      outcome: fc.constantFrom('succeeded', 'failed', 'unknown'),
    })
    .map(({ id, name, outcome }) => finished(`${id}-${name}`, name, { outcome: outcome as 'succeeded' }));
  const deltas: fc.Arbitrary<Delta> = fc.record({
    hosts: fc.array(hosts, { maxLength: 3 }),
    vms: fc.array(vms, { maxLength: 3 }),
    finished: fc.array(ends, { maxLength: 2 }),
    goneHosts: fc.array(hostNames, { maxLength: 2 }),
    goneVms: fc.array(fc.constantFrom('default/a', 'default/b', 'default/c'), { maxLength: 2 }),
  });

  test('whatever the batches, the frames replayed are the snapshot, and the digest is that of what is there', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ delta: deltas, isSync: fc.boolean() }), { maxLength: 12 }), (batches) => {
        const tables = new RoomTables();
        const viewer = stateOf({ cursor: 'e-0', digest: formatDigest(EMPTY_DIGEST), hosts: [], vms: [] });
        let revision = 0;
        let counts = { hosts: 0, vms: 0 };
        for (const { delta, isSync } of batches) {
          const stored = { hosts: tables.hosts.keys(), vms: tables.vms.keys() };
          const commit = tables.commit(isSync ? deltaOfSync([delta], stored) : delta, revision, !isSync);
          counts = { hosts: counts.hosts + commit.hostCount, vms: counts.vms + commit.vmCount };
          expect(counts).toEqual({ hosts: tables.hosts.size, vms: tables.vms.size });
          expect(tables.digest).toEqual(
            digestOf(
              [...tables.hosts.values()].map(({ derived }) => derived),
              [...tables.vms.values()].map(({ derived }) => derived),
            ),
          );
          if (commit.shown === null) continue;
          const frame = { from: `e-${revision}`, to: `e-${revision + 1}`, at: 0, digest: formatDigest(commit.digest), ...commit.shown };
          expect(applyFrame(viewer, JSON.parse(JSON.stringify(frame))).ok).toBe(true);
          revision += 1;
        }
        const view = tables.view();
        expect(viewer.hosts).toEqual(new Map(view.hosts.map((one) => [one.name, one])));
        expect(viewer.vms).toEqual(new Map(view.vms.map((one) => [one.id, one])));
      }),
    );
  });
});
