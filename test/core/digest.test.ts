import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addDigests, digestOf, digestOfHost, digestOfVm, formatDigest, parseDigest, subtractDigests } from '../../core/digest.ts';
import { composeVm } from '../../core/memory.ts';
import type { DerivedVm } from '../../core/model.ts';
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
    { ...vm, transit: { ...transit, waitingFor: 'w' } },
  ];
  expect(new Set(variants.map((variant) => formatDigest(digestOfVm(variant)))).size).toBe(variants.length);
});

test('U9, D6: progress and what the room remembers do not count, so a page can check what a forwarder said', () => {
  fc.assert(
    fc.property(arbitraryDerivedVm, (vm) => {
      const memory = {
        ...(vm.transit !== undefined && { transit: { ...vm.transit, startedAt: 7, stages: [] } }),
        last: { id: 'm', outcome: 'failed', cause: 'user', from: 'h', to: 'i', endedAt: 3, createdAt: 2 } as const,
      };
      expect(digestOfVm(composeVm(vm, memory))).toEqual(digestOfVm(vm));
      if (vm.transit !== undefined) expect(digestOfVm({ ...vm, transit: { ...vm.transit, progress: 50 } })).toEqual(digestOfVm(vm));
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
