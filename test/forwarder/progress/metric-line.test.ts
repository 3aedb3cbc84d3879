import { describe, expect, test } from 'vitest';
import { type MetricSample, parseMetricLine } from '../../../forwarder/progress/metric-line.ts';

const LABELS = '{name="ubuntu-web-1",namespace="default",node="harv-1"}';
const sample = (quantity: MetricSample['quantity'], value: number, at: number | null): MetricSample => ({
  quantity,
  namespace: 'default',
  name: 'ubuntu-web-1',
  value,
  at,
});

/** As the versions of KubeVirt name and write them. */
const LINES: readonly (readonly [version: string, line: string, expected: MetricSample])[] = [
  ['1.2', `kubevirt_vmi_migration_data_processed_bytes${LABELS} 1.073741824e+09`, sample('processed', 1_073_741_824, null)],
  ['1.2', `kubevirt_vmi_migration_disk_transfer_rate_bytes${LABELS} 1.1e+08`, sample('rate', 110_000_000, null)],
  ['1.4', `kubevirt_vmi_migration_data_remaining_bytes${LABELS} 4096 1795644000123`, sample('remaining', 4096, 1_795_644_000_123)],
  ['1.4', `kubevirt_vmi_migration_disk_transfer_rate_bytes${LABELS} 7 1795644000123`, sample('rate', 7, 1_795_644_000_123)],
  ['1.9', `kubevirt_vmi_migration_memory_transfer_rate_bytes${LABELS} 7 1795644000123`, sample('rate', 7, 1_795_644_000_123)],
  ['1.9', `kubevirt_vmi_migration_dirty_memory_rate_bytes${LABELS} 0 1795644000123`, sample('dirtyRate', 0, 1_795_644_000_123)],
  ['older', `kubevirt_migrate_vmi_data_remaining_bytes${LABELS} 5`, sample('remaining', 5, null)],
];

describe('a line of virt-handler’s metrics', () => {
  test.each(LINES)('of KubeVirt %s: %s', (_version, line, expected) => {
    expect(parseMetricLine(line)).toEqual(expected);
  });

  test('labels in any order, with escapes and a comma at the end', () => {
    const line = 'kubevirt_vmi_migration_data_remaining_bytes{node="a\\"b\\\\c\\n,}",namespace="prod",name="db",} 1 2 ';
    expect(parseMetricLine(line)).toEqual({ quantity: 'remaining', namespace: 'prod', name: 'db', value: 1, at: 2 });
  });

  test.each([
    '',
    '# HELP kubevirt_vmi_migration_data_remaining_bytes The remaining guest OS data to be migrated to the new VM.',
    'kubevirt_vmi_cpu_usage_seconds_total{name="a",namespace="b"} 1',
    `kubevirt_vmi_migration_data_bytes_total${LABELS} 5`,
    `kubevirt_vmi_migration_last_downtime_seconds${LABELS} 5`,
    'kubevirt_vmi_migrations_in_running_phase 1',
    'kubevirt_vmi_migration_data_remaining_bytes 1',
    'kubevirt_vmi_migration_data_remaining_bytes{name="a"} 1',
    'kubevirt_vmi_migration_data_remaining_bytes{name="",namespace="b"} 1',
    'kubevirt_vmi_migration_data_remaining_bytes{name="a",namespace="b} 1',
    'kubevirt_vmi_migration_data_remaining_bytes{name=a,namespace=b} 1',
    `kubevirt_vmi_migration_data_remaining_bytes${LABELS} NaN`,
    `kubevirt_vmi_migration_data_remaining_bytes${LABELS} +Inf`,
    `kubevirt_vmi_migration_data_remaining_bytes${LABELS} -1`,
    `kubevirt_vmi_migration_data_remaining_bytes${LABELS} 1e300`,
    `kubevirt_vmi_migration_data_remaining_bytes{name="${'a'.repeat(2_000)}",namespace="b"} 1`,
    `kubevirt_vmi_migration_data_remaining_bytes${LABELS}`,
    `kubevirt_vmi_migration_data_remaining_bytes${LABELS} 1 yesterday`,
  ])('that says nothing of a migration, or makes no sense: %s', (line) => {
    expect(parseMetricLine(line)).toBeNull();
  });
});
