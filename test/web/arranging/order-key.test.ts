import { expect, it } from 'vitest';
import { orderKeyOf } from '../../../web/arranging/order-key.ts';

it('the order of names has host-2 before host-10', () => {
  const names = ['host-10', 'Host-9', 'host-2', 'a/b', 'a', 'web-1-2', 'web-1-10'];
  const sorted = [...names].sort((a, b) => (orderKeyOf(a) < orderKeyOf(b) ? -1 : 1));
  expect(sorted).toEqual(['a', 'a/b', 'host-2', 'Host-9', 'host-10', 'web-1-2', 'web-1-10']);
});
