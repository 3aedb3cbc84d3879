import { afterEach, expect, it, vi } from 'vitest';
import { momentFormats } from '../../../web/history/past-format.ts';

const AT = Date.parse('2026-11-26T13:02:10.500Z');

afterEach(() => vi.unstubAllEnvs());

it('names the zone that the reader is in now: a page can be open in a laptop that travels', () => {
  vi.stubEnv('TZ', 'Europe/Berlin');
  expect(momentFormats('en').full(AT)).toMatch(/Thu, Nov 26, 2026, 14:02:10\.500 GMT\+1/);
  vi.stubEnv('TZ', 'Asia/Tokyo');
  expect(momentFormats('en').full(AT)).toMatch(/Thu, Nov 26, 2026, 22:02:10\.500 GMT\+9/);
});
