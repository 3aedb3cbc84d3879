import { describe, expect, test } from 'vitest';
import { createVirtualClock } from '../../simulator/clock.ts';
import { createCluster } from '../../simulator/cluster.ts';
import { formatMetrics, type MeasuredMove, measure } from '../../simulator/handler-measurements.ts';
import type { KubeVirtVersion } from '../../simulator/traits.ts';

const VM = { namespace: 'default', name: 'ubuntu-web-1' };

/** A migration that has just started to copy. */
function started(kubevirt: KubeVirtVersion = '1.9', options: { copyMs?: number; busy?: boolean } = {}) {
  const clock = createVirtualClock();
  const cluster = createCluster({ clock, runId: 'test', kubevirt });
  const move = cluster.migrate({ ...VM, ...options });
  move.stepTo('Running');
  const measured = (): MeasuredMove => {
    const vmi = cluster.get('virtualmachineinstances', VM.namespace, VM.name);
    if (vmi === undefined) throw new Error('no VMI');
    return { vmi, copyMs: move.copyMs, busy: move.busy };
  };
  return { clock, cluster, move, measured };
}

describe('what is measured', () => {
  test('every five seconds from the start on; the newest ten are kept', () => {
    const { clock, measured } = started();
    expect(measure(measured(), clock.now())).toHaveLength(1);
    clock.advance(12_000);
    const three = measure(measured(), clock.now());
    expect(three.map(({ at }) => at - (three[0]?.at ?? 0))).toEqual([0, 5_000, 10_000]);
    clock.advance(120_000);
    const ten = measure(measured(), clock.now());
    expect(ten).toHaveLength(10);
    expect(clock.now() - (ten.at(-1)?.at ?? 0)).toBeLessThan(5_000);
  });

  test('of a calm guest more and more is copied, and hardly anything is left when it should be done', () => {
    const { clock, measured } = started('1.9', { copyMs: 40_000 });
    clock.advance(40_000);
    const remaining = measure(measured(), clock.now()).map((one) => one.remaining);
    expect(remaining).toEqual(remaining.toSorted((a, b) => b - a));
    expect((remaining.at(-1) ?? 1) / (remaining[0] ?? 1)).toBeLessThan(0.03);
  });

  test('of a busy guest what remains does not shrink below a part, and memory changes faster than it is copied', () => {
    const { clock, measured } = started('1.9', { copyMs: 20_000, busy: true });
    clock.advance(200_000);
    for (const { remaining, total, rate, dirtyRate } of measure(measured(), clock.now())) {
      expect(remaining / total).toBeGreaterThan(0.3);
      expect(dirtyRate).toBeGreaterThan(rate);
    }
  });

  test('nothing before the start, nothing once it is completed or has failed', () => {
    const { clock, cluster, move, measured } = started();
    const before = cluster.migrate({ namespace: 'default', name: 'ubuntu-db-1' });
    before.stepTo('TargetReady');
    const other = cluster.get('virtualmachineinstances', 'default', 'ubuntu-db-1');
    expect(other && measure({ vmi: other, copyMs: null, busy: false }, clock.now())).toEqual([]);
    move.stepTo('Completed');
    expect(measure(measured(), clock.now())).toEqual([]);
  });
});

describe('how it is told', () => {
  const NAMES: Partial<Record<KubeVirtVersion, readonly string[]>> = {
    '1.2': ['data_remaining_bytes', 'data_processed_bytes', 'dirty_memory_rate_bytes', 'disk_transfer_rate_bytes'],
    '1.4': ['data_remaining_bytes', 'data_processed_bytes', 'dirty_memory_rate_bytes', 'disk_transfer_rate_bytes'],
    '1.6': ['data_total_bytes', 'data_remaining_bytes', 'data_processed_bytes', 'dirty_memory_rate_bytes', 'disk_transfer_rate_bytes'],
    '1.7': ['data_total_bytes', 'data_remaining_bytes', 'data_processed_bytes', 'dirty_memory_rate_bytes', 'memory_transfer_rate_bytes'],
    '1.9': ['data_bytes_total', 'data_remaining_bytes', 'data_processed_bytes', 'dirty_memory_rate_bytes', 'memory_transfer_rate_bytes'],
  };
  test.each(Object.entries(NAMES) as [KubeVirtVersion, readonly string[]][])('KubeVirt %s', (kubevirt, names) => {
    const { clock, measured } = started(kubevirt);
    clock.advance(11_000);
    const lines = formatMetrics(kubevirt, [measured()], clock.now())
      .split('\n')
      .filter((line) => line.startsWith('kubevirt_'));
    expect([...new Set(lines.map((line) => /^kubevirt_vmi_migration_(\w+)/.exec(line)?.[1]))]).toEqual(names);
    // Since 1.4 each measurement has its time, and three were made.
    const hasTimes = !['1.2', '1.3'].includes(kubevirt);
    expect(lines).toHaveLength(names.length * (hasTimes ? 3 : 1));
    const form = hasTimes ? /^\w+\{name="ubuntu-web-1",namespace="default",node="harv-\d"\} \d+ \d{13}$/ : /^\w+\{[^}]+\} \d+$/;
    for (const line of lines) expect(line).toMatch(form);
  });

  test('of a cluster in which nothing moves: no migrations', () => {
    expect(formatMetrics('1.9', [], 0)).not.toContain('kubevirt_');
  });
});
