import { expect, test } from 'vitest';
import { parseUsage, readUsage } from '../../bench/process-usage.ts';

test('memory in bytes, CPU time in milliseconds, whatever the program is called', () => {
  const status = 'Name:\tnode\nVmPeak:\t  900 kB\nVmHWM:\t  200 kB\nVmRSS:\t  100 kB\n';
  const stat = '42 (a) b (c) S 1 2 3 4 5 6 7 8 9 10 250 50 0 0 20 0 11 0 99';
  expect(parseUsage(status, stat)).toEqual({ residentBytes: 102_400, peakBytes: 204_800, cpuMs: 3_000 });
});

test.skipIf(process.platform !== 'linux')('this process has used some of both', async () => {
  const usage = await readUsage(process.pid);
  expect(usage.residentBytes).toBeGreaterThan(1_000_000);
  expect(usage.peakBytes).toBeGreaterThanOrEqual(usage.residentBytes);
  expect(usage.cpuMs).toBeGreaterThan(0);
});
