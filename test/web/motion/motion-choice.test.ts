import { expect, it } from 'vitest';
import { isReducedBy, MOTIONS, parseMotion } from '../../../web/motion/motion-choice.ts';

it.each([
  ['system', true, true],
  ['system', false, false],
  ['reduced', true, true],
  ['reduced', false, true],
  ['full', true, false],
  ['full', false, false],
] as const)('motion “%s” where the system asks for less: %s → reduced %s', (choice, isPreferred, isReduced) => {
  expect(isReducedBy(choice, isPreferred)).toBe(isReduced);
});

it('a choice that is not known is the system’s', () => {
  for (const known of MOTIONS) expect(parseMotion(known)).toBe(known);
  for (const other of [null, '', 'none', 'Full']) expect(parseMotion(other)).toBe('system');
});
