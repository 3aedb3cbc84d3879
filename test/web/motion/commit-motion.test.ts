import { expect, it } from 'vitest';
import type { Vm } from '../../../core/model.ts';
import { commitWithMotion } from '../../../web/motion/commit-motion.ts';
import type { Changes } from '../../../web/rendering/frame.ts';

it('the picture is painted once, though what tells of its changes fails, and the failure is not hidden', () => {
  const vm: Vm = { id: 'default/a', namespace: 'default', name: 'a', host: 'h1', state: 'running', migratable: { ok: true } };
  const state = { cursor: 'e-2', digest: '', hosts: new Map(), vms: new Map([[vm.id, vm]]) };
  const changes: Changes = { state, isReplaced: false, vms: new Set([vm.id]), hosts: new Set() };
  const fail = (): never => {
    throw new Error('no such picture');
  };
  let commits = 0;
  expect(() => commitWithMotion(changes, { vm: fail, host: fail }, () => commits++)).toThrow('no such picture');
  expect(commits).toBe(1);
  const none = { vm: () => undefined, host: () => undefined };
  expect(() => commitWithMotion({ ...changes, isReplaced: true }, none, fail), 'its own failure').toThrow('no such picture');
});
