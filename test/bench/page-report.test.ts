import { expect, test } from 'vitest';
import { formatRounds, type Round } from '../../bench/page-report.ts';

const round = (hostview: number[], bare: number[]): Round => ({
  hostview: new Map([
    ['mount: longest task, ms', hostview],
    ['click: → paint, ms', [12]],
    ['mount: elements', [900]],
  ]),
  bare: new Map([['mount: longest task, ms', bare]]),
});

test('each measure has medians, spreads, the median of the rounds’ own ratios, and its aim; what belongs together follows each other', () => {
  const lines = formatRounds([round([10, 20, 30], [10]), round([40], [10]), round([90], [100])]).split('\n');
  expect(lines.map((line) => line.split(/ {2,}/).filter((cell) => cell !== ''))).toEqual([
    ['median (spread)', 'hostview', 'bare', 'ratio', 'aim'],
    ['mount: longest task, ms', '30.0 (10.0)', '10.0 (45.0)', '2.00', '≤ 50'],
    ['mount: elements', '900 (0.0)'],
    ['click: → paint, ms', '12.0 (0.0)', '≤ 100'],
  ]);
});
