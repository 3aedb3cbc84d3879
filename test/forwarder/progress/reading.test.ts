import { describe, expect, test } from 'vitest';
import { ReadingCollector } from '../../../forwarder/progress/reading.ts';

function collect(...lines: readonly string[]) {
  const collector = new ReadingCollector();
  for (const line of lines) collector.take(line);
  return Object.fromEntries(collector.readings);
}
const line = (metric: string, name: string, value: number, at?: number): string =>
  `kubevirt_vmi_migration_${metric}_bytes{name="${name}",namespace="default",node="harv-1"} ${value}${at === undefined ? '' : ` ${at}`}`;

describe('an answer of a virt-handler', () => {
  test('of ten measurements in any order, the newest counts, whole', () => {
    const times = [45_000, 5_000, 50_000, 10_000];
    const lines = ['data_processed', 'data_remaining'].flatMap((metric) => times.map((at) => line(metric, 'web', at, at)));
    expect(collect('# TYPE something gauge', ...lines)).toEqual({ 'default/web': { at: 50_000, processed: 50_000, remaining: 50_000 } });
  });

  test('never mixes two measurements: what the newest lacks is not known', () => {
    expect(
      collect(line('data_processed', 'web', 1, 5), line('dirty_memory_rate', 'web', 2, 5), line('data_processed', 'web', 3, 10)),
    ).toEqual({
      'default/web': { at: 10, processed: 3 },
    });
  });

  test('without times, all of it is of now (KubeVirt ≤ 1.3)', () => {
    expect(collect(line('data_processed', 'web', 1), line('data_remaining', 'web', 2), line('data_processed', 'db', 3))).toEqual({
      'default/web': { at: null, processed: 1, remaining: 2 },
      'default/db': { at: null, processed: 3 },
    });
  });

  test('of more VMs than any host has is cut', () => {
    const lines = Array.from({ length: 2_500 }, (_, index) => line('data_processed', `vm-${index}`, 1, 1));
    expect(Object.keys(collect(...lines))).toHaveLength(2_000);
  });
});
