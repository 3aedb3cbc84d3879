import { describe, expect, it } from 'vitest';
import type { Vm } from '../../../core/model.ts';
import { isPatched, patchChip } from '../../../web/board/chip-patch.ts';
import type { VmChip } from '../../../web/board/vm-chip.tsx';
import { vmOn } from '../../support/entities.ts';

const UBUNTU = vmOn('ubuntu', 'host-1');
const TRANSIT: Partial<Vm> = { transit: { id: 'm', stage: 'queued', cause: 'user', from: 'host-1', to: 'host-2', startedAt: 0 } };

describe('what of a VM is written into its chip, and what is rendered', () => {
  it.each<[what: string, before: Partial<Vm>, after: Partial<Vm>, isWritten: boolean]>([
    ['its state', {}, { state: 'paused' }, true],
    ['how large it is', {}, { memory: 1, cpu: 2 }, true],
    ['what its notes say, which follow it themselves', { reason: 'a' }, { reason: 'b' }, true],
    ['that it is in danger, where it has something to say anyway', { reason: 'a' }, { reason: 'a', danger: ['dead-host'] }, true],
    ['its name', {}, { displayName: 'Web server' }, false],
    ['its name, which it loses', { displayName: 'Web server' }, {}, false],
    ['its host', {}, { host: 'host-2' }, false],
    ['that it has something to say', {}, { reason: 'a' }, false],
    ['that it has nothing more to say', { migratable: { ok: false } }, {}, false],
    ['a transit that begins', {}, TRANSIT, false],
    ['a transit that is over', TRANSIT, {}, false],
    ['its state in a transit', TRANSIT, { ...TRANSIT, state: 'paused' }, false],
  ])('%s', (_, before, after, isWritten) => {
    expect(isPatched({ ...UBUNTU, ...before }, { ...UBUNTU, ...after })).toBe(isWritten);
  });
});

it('a chip without a word, of a state that this version of the page does not know, is rendered', () => {
  const attributes: string[] = [];
  const element = { querySelector: () => null, setAttribute: (...set: string[]) => attributes.push(set.join(' ')) };
  const chip = { element, vm: UBUNTU, props: {}, word: ({ state }: Vm) => state } as unknown as VmChip;
  expect(patchChip(chip, { ...UBUNTU, state: 'paused' })).toBe(false);
  expect(attributes).toEqual(['data-state paused']);
});
