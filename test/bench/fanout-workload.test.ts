import { expect, test } from 'vitest';
import { frameOf, Workload } from '../../bench/fanout-workload.ts';
import { digestOf, formatDigest } from '../../core/digest.ts';
import { createRandom } from '../../simulator/random.ts';

test('the digest is that of the state, whatever was changed and changed back', () => {
  const workload = new Workload(20, 3, createRandom(1).below);
  for (let turn = 0; turn < 10; turn++) {
    const changed = workload.change(7);
    expect(new Set(changed.map(({ id }) => id)).size).toBe(7);
    expect(workload.digest).toBe(formatDigest(digestOf(workload.hosts, workload.vms)));
  }
});

test('each change is one that a viewer sees', () => {
  const workload = new Workload(20, 3, createRandom(1).below);
  const before = new Map(workload.vms.map((vm) => [vm.id, vm.state]));
  for (const vm of workload.change(20)) expect(vm.state).not.toBe(before.get(vm.id));
  expect(workload.change(20).every((vm) => vm.state === 'running' && !('reason' in vm))).toBe(true);
});

test('never more VMs than there are', () => {
  expect(new Workload(5, 1, createRandom(1).below).change(9)).toHaveLength(5);
});

test('a frame says what follows what, first, and nothing that stays between forwarder and room', () => {
  const [vm] = new Workload(5, 1, createRandom(1).below).change(1);
  const text = JSON.stringify(frameOf(vm === undefined ? [] : [vm], 12, 99, 'd'.repeat(16)));
  expect(text).toMatch(/^\{"from":"[0-9a-z]+-11","to":"[0-9a-z]+-12","at":99,"digest":"d+","vms":\[/);
  expect(text).not.toContain('uid');
});
