import { expect, it } from 'vitest';
import { en } from '../../../web/words/en.ts';
import { stateText } from '../../../web/words/state-text.ts';

const transit = { id: 'm', stage: 'transferring', cause: 'user', from: 'host-1', to: 'host-2', startedAt: 0 } as const;

it.each([
  ['by KubeVirt, so that its move can finish', { state: 'paused', transit: { ...transit, suspended: true } }, 'paused to finish the move'],
  ['by somebody, while it moves', { state: 'paused', transit }, 'paused'],
  ['by somebody', { state: 'paused' }, 'paused'],
  ['not at all, whatever KubeVirt holds', { state: 'unknown', transit: { ...transit, suspended: true } }, 'unknown'],
] as const)('a VM that is paused %s', (_, vm, text) => {
  expect(stateText(vm, en)).toBe(text);
});
