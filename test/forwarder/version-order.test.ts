import { expect, test } from 'vitest';
import { isOlderVersion } from '../../forwarder/version-order.ts';

test.each([
  ['9', '10', true],
  ['10', '9', false],
  ['10', '10', false],
  ['18446744073709551614', '18446744073709551615', true],
  ['a', '10', false],
  ['1', 'b', false],
  ['', '10', false],
  ['-1', '10', false],
  ['1'.repeat(21), '9'.repeat(22), false],
])('%s is older than %s: %s', (version, other, expected) => {
  expect(isOlderVersion(version, other)).toBe(expected);
});
