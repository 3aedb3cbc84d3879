import { expect, test } from 'vitest';
import type { FrozenSample, LatencySample, LoadSample } from '../../bench/fanout-parts.ts';
import type { PeerName } from '../../bench/fanout-peers.ts';
import { emptySamples, formatColumns, formatReport, type PeerSamples } from '../../bench/fanout-report.ts';

const FINE = { cutOffs: 0, gaps: 0, malformed: 0, refused: 0, behind: 0 };
const latency = (last: number): LatencySample => ({ ...FINE, last: [last], each: [1, last], cpu: { server: 2 } });
const load = (delivered: number, oldest: number): LoadSample => ({
  ...FINE,
  deliveredPerSecond: delivered,
  ages: [1, oldest],
  catchUpMs: 5,
  posts: 20,
  eventsPerSecond: 100,
  bytesPerEvent: 10_000,
  cpu: { server: 0.5 },
});
const frozen: FrozenSample = {
  ...FINE,
  before: [1],
  during: [2],
  cutOffAfterMs: 10_100,
  resumedMs: 1_200,
  foundCutOff: true,
  bytesPerEvent: 384_000,
};

const of = (samples: Partial<PeerSamples>): PeerSamples => ({ ...emptySamples(), ...samples });

test('the aims are told as ratios of direct to nchan', () => {
  const results = new Map<PeerName, PeerSamples>([
    ['direct', of({ latency: new Map([[200, [latency(30)]]]), load: [load(900, 1_500)], frozen: [frozen] })],
    ['nchan', of({ latency: new Map([[200, [latency(20)]]]), load: [load(1_000, 50)] })],
  ]);
  const report = formatReport(results);
  expect(report).toContain('200 viewers: direct : nchan, p99 to the last viewer: 1.50');
  expect(report).toContain('delivered: 0.90 (aim: at least 1); oldest shown by direct 1500 ms');
  expect(report).toContain('(384 kB a frame): cut off 10.1 s after it froze, at the head 1.2 s after it read again');
  expect(report).toContain('Nobody was cut off or refused');
});

test('what went wrong is told, whose it was and how often', () => {
  const results = new Map<PeerName, PeerSamples>([
    [
      'bridge',
      of({
        load: [
          { ...load(1, 1), cutOffs: 3, gaps: 1 },
          { ...load(1, 1), cutOffs: 4 },
        ],
      }),
    ],
  ]);
  expect(formatReport(results)).toMatch(/Trouble:\n {2}bridge: cutOffs 7, gaps 1$/);
});

test('parts that were not measured are not mentioned', () => {
  expect(formatReport(new Map([['direct', of({ load: [load(1, 1)] })]]))).not.toMatch(/\(i\)|\(iii\)|\(iv\)|aim/);
});

test('columns as wide as their widest cell, the first to the left', () => {
  expect(
    formatColumns(
      ['', 'n'],
      [
        ['ab', '1'],
        ['c', '100'],
      ],
    ),
  ).toBe('      n\nab    1\nc   100');
});
