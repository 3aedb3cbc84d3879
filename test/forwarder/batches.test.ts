import { describe, expect, test } from 'vitest';
import {
  MAX_ENTITIES_PER_BATCH_COUNT,
  MAX_HOSTS_PER_CLUSTER_COUNT,
  MAX_VMS_PER_CLUSTER_COUNT,
  SYNC_PART_TARGET_BYTES,
} from '../../core/limits.ts';
import type { DerivedVm, FinishedMigration, Host } from '../../core/model.ts';
import type { Batch, SyncPart } from '../../core/uplink.ts';
import { formatChanges, formatHeartbeat, formatSync } from '../../forwarder/batches.ts';

const host = (name: string): Host => ({ name, state: 'active', reasons: [], roles: [] });
const vm = (name: string): DerivedVm => ({
  id: `default/${name}`,
  namespace: 'default',
  name,
  uid: null,
  host: null,
  state: 'off',
  migratable: { ok: false },
});
const finished = (id: string): FinishedMigration => ({
  id,
  vm: 'default/a',
  outcome: 'failed',
  cause: 'user',
  from: null,
  to: null,
  reason: 'Grüße 漢字',
  createdAt: null,
});
const parse = (texts: readonly string[]): Batch[] => texts.map((text) => JSON.parse(text));

describe('a full sync', () => {
  const vms = Array.from({ length: 50 }, (_, index) => vm(`vm-${index}`));
  const state = { hosts: [host('a'), host('b')], vms, finished: [finished('m')], digest: 'd'.repeat(16) };

  test('parts within the target, numbered from 1, then a commit that counts them', () => {
    const texts = formatSync(7, state, 1_000);
    const batches = parse(texts);
    const parts = batches.slice(0, -1) as SyncPart[];
    expect(parts.length).toBeGreaterThan(3);
    expect(batches.map(({ session, number }) => [session, number])).toEqual(batches.map((_, index) => [7, index + 1]));
    expect(parts.every(({ kind }) => kind === 'sync-part')).toBe(true);
    expect(batches.at(-1)).toEqual({
      kind: 'sync-commit',
      session: 7,
      number: parts.length + 1,
      parts: parts.length,
      digest: state.digest,
    });
    for (const text of texts) expect(Buffer.byteLength(text)).toBeLessThan(1_200);
    expect(parts.flatMap((part) => part.hosts)).toEqual(state.hosts);
    expect(parts.flatMap((part) => part.vms)).toEqual(vms);
    expect(parts.flatMap((part) => part.finished)).toEqual(state.finished);
  });

  test('what fits goes in one part; an entity larger than the target in a part of its own', () => {
    expect(formatSync(7, state, 100_000)).toHaveLength(2);
    expect(formatSync(7, { ...state, hosts: [], finished: [] }, 10)).toHaveLength(51);
  });

  test('a cluster without anything is one empty part: the room learns that it is empty', () => {
    expect(parse(formatSync(1, { hosts: [], vms: [], finished: [], digest: '0'.repeat(16) }, 1_000))).toEqual([
      { kind: 'sync-part', session: 1, number: 1, hosts: [], vms: [], finished: [] },
      { kind: 'sync-commit', session: 1, number: 2, parts: 1, digest: '0'.repeat(16) },
    ]);
  });
});

test('changes: what is there, whole, and what is gone, by key', () => {
  const changes = {
    hosts: new Map([
      ['a', host('a')],
      ['b', null],
    ]),
    vms: new Map([
      ['default/x', null],
      ['default/y', vm('y')],
    ]),
  };
  expect(JSON.parse(formatChanges({ session: 2, number: 9, digest: 'abc' }, changes, [finished('m')]))).toEqual({
    kind: 'changes',
    session: 2,
    number: 9,
    hosts: [host('a')],
    vms: [vm('y')],
    goneHosts: ['b'],
    goneVms: ['default/x'],
    finished: [finished('m')],
    digest: 'abc',
  });
});

test('a heartbeat carries the digest and nothing else', () => {
  expect(JSON.parse(formatHeartbeat({ session: 2, number: 9, digest: 'abc' }))).toEqual({
    kind: 'heartbeat',
    session: 2,
    number: 9,
    digest: 'abc',
  });
});

describe('a room’s limit of entities in one batch is never met', () => {
  const tiny = (index: number): DerivedVm => ({ ...vm('x'), id: `a/${index}`, namespace: 'a', name: `${index}` });
  const tinies = (count: number): DerivedVm[] => Array.from({ length: count }, (_, index) => tiny(index));
  const countOf = (batch: Batch): number =>
    ('hosts' in batch ? [batch.hosts, batch.vms, batch.finished] : []).reduce((sum, list) => sum + list.length, 0);

  test('by a part of a sync of the smallest VMs that there can be', () => {
    const state = { hosts: [], vms: tinies(MAX_VMS_PER_CLUSTER_COUNT), finished: [], digest: 'd'.repeat(16) };
    const counts = parse(formatSync(1, state, SYNC_PART_TARGET_BYTES)).map(countOf);
    expect(Math.max(...counts)).toBeGreaterThan(5_000);
    expect(Math.max(...counts)).toBeLessThan(MAX_ENTITIES_PER_BATCH_COUNT / 3);
  });

  test('by changes in which a whole cluster goes and as many come as a batch has room for', () => {
    const gone = Array.from({ length: MAX_VMS_PER_CLUSTER_COUNT }, (_, index) => [`a/${index}`, null] as const);
    const goneHosts = Array.from({ length: MAX_HOSTS_PER_CLUSTER_COUNT }, (_, index) => [`${index}`, null] as const);
    const goneBytes = Buffer.byteLength(
      formatChanges({ session: 1, number: 1, digest: '' }, { hosts: new Map(goneHosts), vms: new Map(gone) }, []),
    );
    const leastVmBytes = Buffer.byteLength(JSON.stringify(tiny(1)));
    const newCount = (SYNC_PART_TARGET_BYTES - goneBytes) / leastVmBytes;
    expect(gone.length + goneHosts.length + newCount).toBeLessThan(MAX_ENTITIES_PER_BATCH_COUNT);
  });
});
