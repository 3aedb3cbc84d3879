import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addDigests, digestOf, digestOfHost, digestOfVm, formatDigest, parseDigest, subtractDigests } from '../../core/digest.ts';
import { composeHost } from '../../core/host-memory.ts';
import { composeVm } from '../../core/memory.ts';
import type { DerivedHost, DerivedVm, Wait } from '../../core/model.ts';
import { arbitraryDerivedVm, arbitraryHost } from '../support/arbitraries.ts';

const hosts = fc.uniqueArray(arbitraryHost, { selector: (host) => host.name });
const vms = fc.uniqueArray(arbitraryDerivedVm, { selector: (vm) => vm.id });

test('U5: the digest does not depend on order, and can be kept by adding and subtracting', () => {
  fc.assert(
    fc.property(hosts, vms, arbitraryHost, (someHosts, someVms, extra) => {
      const forward = digestOf(someHosts, someVms);
      expect(digestOf(someHosts.toReversed(), someVms.toReversed())).toEqual(forward);
      expect(subtractDigests(addDigests(forward, digestOfHost(extra)), digestOfHost(extra))).toEqual(forward);
    }),
  );
});

test('every derived field of a VM counts', () => {
  const vm: DerivedVm = { id: 'a/b', namespace: 'a', name: 'b', uid: null, host: 'h', state: 'running', migratable: { ok: true } };
  const transit = { id: 'm', stage: 'queued', cause: 'user', from: 'h', to: null } as const;
  const waits: Wait[] = [
    { reason: 'quota' },
    { reason: 'backup' },
    { reason: 'quota', detail: 'd' },
    { reason: 'quota', used: 1 },
    { reason: 'quota', limit: 1 },
    { reason: 'quota', assumed: true },
    { reason: 'quota', host: 'h' },
    { reason: 'quota', failures: 1 },
    { reason: 'quota', seconds: 1 },
    { reason: 'quota', place: 1 },
  ];
  const variants: DerivedVm[] = [
    vm,
    { ...vm, id: 'a/c' },
    { ...vm, host: 'i' },
    { ...vm, host: null },
    { ...vm, state: 'paused' },
    { ...vm, reason: 'r' },
    { ...vm, displayName: 'd' },
    { ...vm, danger: ['post-copy'] },
    { ...vm, cpu: 1 },
    { ...vm, memory: 1 },
    { ...vm, os: 'linux' },
    { ...vm, migratable: { ok: false } },
    { ...vm, migratable: { ok: true, reason: 'r' } },
    { ...vm, transit },
    { ...vm, transit: { ...transit, id: 'n' } },
    { ...vm, transit: { ...transit, stage: 'aborting' } },
    { ...vm, transit: { ...transit, cause: 'drain' } },
    { ...vm, transit: { ...transit, from: null } },
    { ...vm, transit: { ...transit, to: 'i' } },
    { ...vm, transit: { ...transit, requested: 'i' } },
    { ...vm, transit: { ...transit, evidence: 'e' } },
    { ...vm, transit: { ...transit, suspended: true } },
    { ...vm, transit: { ...transit, peer: { direction: 'out' } } },
    { ...vm, transit: { ...transit, peer: { direction: 'in' } } },
    { ...vm, transit: { ...transit, peer: { direction: 'out', pair: 'p' } } },
    { ...vm, transit: { ...transit, peer: { direction: 'out', host: 'i' } } },
    ...waits.map((waitingFor) => ({ ...vm, transit: { ...transit, waitingFor } })),
    ...waits.map((waitingFor) => ({ ...vm, evacuation: { from: 'h', waitingFor } })),
    { ...vm, evacuation: { from: 'i', waitingFor: { reason: 'quota' } } },
    { ...vm, labels: { a: 'x' } },
    { ...vm, labels: { a: '' } },
    { ...vm, labels: { b: 'x' } },
    { ...vm, labels: { a: 'x', b: 'x' } },
    { ...vm, labels: { a: 'x' }, evacuation: { from: 'i', waitingFor: { reason: 'quota' } } },
  ];
  expect(new Set(variants.map((variant) => formatDigest(digestOfVm(variant)))).size).toBe(variants.length);
});

test('every derived field of a host counts, what the room remembers of it does not', () => {
  const host: DerivedHost = { name: 'h', state: 'active', reasons: [], roles: [] };
  const drain = { here: 0, moving: 0, stopping: 0, waiting: 0, stuck: 0, arriving: 0, safe: true, because: 'empty' } as const;
  const variants: DerivedHost[] = [
    host,
    { ...host, name: 'i' },
    { ...host, displayName: 'd' },
    { ...host, state: 'off' },
    { ...host, reasons: ['r'] },
    { ...host, roles: ['r'] },
    { ...host, zone: 'z' },
    { ...host, cpu: 1 },
    { ...host, memory: 1 },
    { ...host, drain },
    ...(['here', 'moving', 'stopping', 'waiting', 'stuck', 'arriving'] as const).map((count) => ({
      ...host,
      drain: { ...drain, [count]: 1 },
    })),
    { ...host, drain: { ...drain, safe: false } },
    { ...host, drain: { ...drain, because: 'off' } },
  ];
  expect(new Set(variants.map((variant) => formatDigest(digestOfHost(variant)))).size).toBe(variants.length);
  const remembered = composeHost({ ...host, drain }, { drain: { were: 7, since: 3 } });
  expect(digestOfHost(remembered)).toEqual(digestOfHost({ ...host, drain }));
});

test('U8: what protocol 1 can say has protocol 1’s digest, so that its forwarders and a newer room agree', () => {
  const host: DerivedHost = {
    name: 'harv-1',
    displayName: 'Rack 1',
    state: 'cordoned',
    reasons: ['KubeletNotReady: m'],
    roles: ['etcd'],
    zone: 'z',
    cpu: 8,
    memory: 2 ** 34,
  };
  const vm: DerivedVm = {
    id: 'a/b',
    namespace: 'a',
    name: 'b',
    uid: 'u',
    displayName: 'B',
    host: 'harv-1',
    state: 'paused',
    reason: 'r',
    migratable: { ok: false, reason: 'no' },
    danger: ['io-error'],
    cpu: 2,
    memory: 4,
    os: 'ubuntu',
    transit: { id: 'm', stage: 'preparing', cause: 'user', from: 'harv-1', to: 'harv-2', requested: 'harv-3' },
  };
  const off: DerivedVm = { id: 'a/b', namespace: 'a', name: 'b', uid: null, host: null, state: 'off', migratable: { ok: false } };
  expect([digestOfHost(host), digestOfVm(vm), digestOfVm(off)].map(formatDigest)).toEqual([
    '61c2510e762101eb',
    '1f8f282b4068d5bd',
    'e40118389301b52a',
  ]);
});

test('labels count in no order: JSON keeps none, and keys that look like numbers have their own', () => {
  const vm: DerivedVm = { id: 'a/b', namespace: 'a', name: 'b', uid: null, host: 'h', state: 'running', migratable: { ok: true } };
  const digests = [{ team: 'db', app: 'web', 2: '', 10: 'x' }, JSON.parse('{"10":"x","app":"web","2":"","team":"db"}')].map((labels) =>
    formatDigest(digestOfVm({ ...vm, labels })),
  );
  expect(digests).toEqual(['33772e0394697651', '33772e0394697651']);
});

test('D6: what the room remembers does not count, so a page can check what a forwarder said', () => {
  fc.assert(
    fc.property(arbitraryDerivedVm, (vm) => {
      const memory = {
        ...(vm.transit !== undefined && { transit: { ...vm.transit, startedAt: 7, stages: [] } }),
        last: { id: 'm', outcome: 'failed', cause: 'user', from: 'h', to: 'i', endedAt: 3, createdAt: 2 } as const,
      };
      expect(digestOfVm(composeVm(vm, memory))).toEqual(digestOfVm(vm));
    }),
  );
});

test('the text survives the wire; what is no digest is refused', () => {
  const digest = { high: 0x0000abcd, low: 0xffffffff };
  expect(formatDigest(digest)).toBe('0000abcdffffffff');
  expect(parseDigest('0000abcdffffffff')).toEqual(digest);
  expect(parseDigest('0000ABCDffffffff')).toBeNull();
  expect(parseDigest('abcd')).toBeNull();
});

test('2,000 VMs that differ in one character have different digests', () => {
  const seen = new Set<string>();
  for (let index = 0; index < 2_000; index++) {
    seen.add(
      formatDigest(
        digestOfVm({
          id: `a/vm-${index}`,
          namespace: 'a',
          name: `vm-${index}`,
          uid: null,
          host: 'h',
          state: 'running',
          migratable: { ok: true },
        }),
      ),
    );
  }
  expect(seen.size).toBe(2_000);
});
