/** A Lease as it is read, whatever it says, and as it is written. */
import { describe, expect, test } from 'vitest';
import {
  formatNewLease,
  formatReleasedLease,
  formatRenewedLease,
  formatTakenLease,
  isSameRecord,
  LEASE_DURATION_MS,
  type Lease,
  leasePathOf,
  leasesPathOf,
  parseLease,
} from '../../forwarder/lease.ts';

const signature = { identity: 'host-a_1234', now: new Date('2026-11-05T10:00:00.123Z') };
const name = { namespace: 'hostview', name: 'hostview-forwarder' };

const object = (spec: unknown = {}, metadata: unknown = { name: 'hostview-forwarder', resourceVersion: '7' }) => ({
  apiVersion: 'coordination.k8s.io/v1',
  kind: 'Lease',
  metadata,
  spec,
});
function leaseOf(text: unknown): Lease {
  const lease = parseLease(JSON.stringify(text));
  if (!lease.ok) throw new Error(lease.error);
  return lease.value;
}

test('where it is', () => {
  expect(leasesPathOf(name)).toBe('/apis/coordination.k8s.io/v1/namespaces/hostview/leases');
  expect(leasePathOf(name)).toBe('/apis/coordination.k8s.io/v1/namespaces/hostview/leases/hostview-forwarder');
});

describe('reading', () => {
  const none = { holder: '', durationMs: LEASE_DURATION_MS, acquireTime: '', renewTime: '', transitions: 0 };
  test.each<[string, unknown, Partial<Lease['record']>]>([
    [
      'a held one',
      { holderIdentity: 'b', leaseDurationSeconds: 20, renewTime: 't2', acquireTime: 't1', leaseTransitions: 3 },
      {
        holder: 'b',
        durationMs: 20_000,
        renewTime: 't2',
        acquireTime: 't1',
        transitions: 3,
      },
    ],
    ['nobody', {}, {}],
    ['nobody, as null', { holderIdentity: null, renewTime: null }, {}],
    ['no spec', undefined, {}],
    ['a released one', { holderIdentity: '', leaseDurationSeconds: 1 }, { durationMs: 1_000 }],
    ['a duration of days', { leaseDurationSeconds: 1e9 }, { durationMs: 60_000 }],
    ['a duration that is none', { leaseDurationSeconds: -5 }, {}],
    ['transitions that are none', { leaseTransitions: 1.5 }, {}],
    ['fields of other types', { holderIdentity: 5, renewTime: {}, leaseDurationSeconds: '15', leaseTransitions: '1' }, {}],
  ])('%s', (_what, spec, expected) => {
    expect(leaseOf(object(spec)).record).toEqual({ ...none, ...expected });
  });

  test.each<[string, string, RegExp]>([
    ['no JSON', '<html>', /not JSON/],
    ['a list', '[]', /no Lease/],
    ['another kind', JSON.stringify({ ...object(), kind: 'Status' }), /no Lease/],
    ['no version', JSON.stringify(object({}, { name: 'x' })), /no resourceVersion/],
  ])('%s is refused', (_what, body, reason) => {
    const lease = parseLease(body);
    expect(!lease.ok && lease.error).toMatch(reason);
  });

  test('a label is no sign of the holder’s life, a renewal is', () => {
    const spec = { holderIdentity: 'b', renewTime: 't1' };
    const before = leaseOf(object(spec)).record;
    expect(isSameRecord(before, leaseOf(object(spec, { resourceVersion: '9', labels: { a: 'b' } })).record)).toBe(true);
    expect(isSameRecord(before, leaseOf(object({ ...spec, renewTime: 't2' })).record)).toBe(false);
    expect(isSameRecord(before, leaseOf(object({ ...spec, holderIdentity: 'c' })).record)).toBe(false);
  });
});

describe('writing', () => {
  const labels = { team: 'platform' };
  const metadata = { name: 'hostview-forwarder', namespace: 'hostview', resourceVersion: '7', labels, managedFields: [{}] };
  const held = leaseOf(object({ holderIdentity: 'b', leaseTransitions: 3, acquireTime: 't1', renewTime: 't2', strategy: 'x' }, metadata));
  const time = '2026-11-05T10:00:00.123000Z';
  const keptMetadata = { name: 'hostview-forwarder', namespace: 'hostview', resourceVersion: '7', labels };

  test('a new one', () => {
    expect(JSON.parse(formatNewLease(name, signature))).toEqual({
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: name,
      spec: { holderIdentity: 'host-a_1234', leaseDurationSeconds: 15, acquireTime: time, renewTime: time, leaseTransitions: 0 },
    });
  });

  test('taking names the version it replaces, counts, and keeps what others wrote', () => {
    const { metadata: written, spec } = JSON.parse(formatTakenLease(held, signature));
    expect(written).toEqual(keptMetadata);
    expect(spec).toEqual({
      holderIdentity: 'host-a_1234',
      leaseDurationSeconds: 15,
      acquireTime: time,
      renewTime: time,
      leaseTransitions: 4,
      strategy: 'x',
    });
  });

  test('the count begins anew where int32 ends', () => {
    const last = leaseOf(object({ leaseTransitions: 2 ** 31 - 1 }));
    expect(JSON.parse(formatTakenLease(last, signature)).spec.leaseTransitions).toBe(0);
  });

  test('a renewal moves one time only; a release leaves nobody', () => {
    const renewed = JSON.parse(formatRenewedLease(held, signature));
    expect(renewed.metadata).toEqual(keptMetadata);
    const kept = { acquireTime: 't1', leaseTransitions: 3, strategy: 'x' };
    expect(renewed.spec).toEqual({ ...kept, holderIdentity: 'b', leaseDurationSeconds: 15, renewTime: time });
    expect(JSON.parse(formatReleasedLease(held, signature)).spec).toEqual({
      ...kept,
      holderIdentity: '',
      leaseDurationSeconds: 1,
      renewTime: time,
    });
  });
});
