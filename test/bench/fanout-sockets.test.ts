import { expect, test } from 'vitest';
import { parseOpenFilesLimit, parseSocketState } from '../../bench/fanout-sockets.ts';

const row = (local: number, remote: number, state: string): string => {
  const hex = (port: number): string => port.toString(16).toUpperCase().padStart(4, '0');
  return `   0: 0100007F:${hex(local)} 0100007F:${hex(remote)} ${state} 00000000:00000000 00:00000000 00000000     0        0 1 1`;
};
const table = (...rows: readonly string[]): string => ['  sl  local_address rem_address   st tx_queue rx_queue', ...rows, ''].join('\n');

test.each([
  ['01', 'established'],
  ['04', 'closed-here'],
  ['08', 'closed-there'],
  ['0B', 'closed-here'],
] as const)('the state %s of the end that was asked about', (state, expected) => {
  expect(parseSocketState(table(row(50_000, 8_080, '01'), row(8_080, 50_000, state)), 8_080, 50_000)).toBe(expected);
});

test('a connection that is gone, and one to another port', () => {
  expect(parseSocketState(table(row(8_080, 50_001, '01')), 8_080, 50_000)).toBeNull();
});

test('the soft limit of open files', () => {
  const limits = (soft: string): string =>
    `Limit  Soft Limit  Hard Limit  Units\nMax open files            ${soft}                20000                files     \n`;
  expect(parseOpenFilesLimit(limits('1024'))).toBe(1_024);
  expect(parseOpenFilesLimit(limits('unlimited'))).toBe(Number.POSITIVE_INFINITY);
});
