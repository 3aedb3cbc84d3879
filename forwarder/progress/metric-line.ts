/**
 * Lines of virt-handler's metrics (Prometheus' text format) → the few samples that tell how far migrations are. Pure. A line is looked at
 * no further than its name unless it is one of them: a handler's answer has a thousand others.
 */

/** What a sample measures. */
export type Quantity = 'processed' | 'remaining' | 'dirtyRate' | 'rate';

/** Of one VMI at one time. */
export interface MetricSample {
  readonly quantity: Quantity;
  readonly namespace: string;
  readonly name: string;
  /** Bytes, or bytes per second. */
  readonly value: number;
  /** On the handler's clock, in milliseconds; null where it was measured when it was asked for (KubeVirt ≤ 1.3). */
  readonly at: number | null;
}

/**
 * `_disk_transfer_rate_bytes` is what `_memory_transfer_rate_bytes` was called before kubevirt#13500; it was memory's rate all the time.
 * `kubevirt_migrate_vmi_*` are older names.
 */
const QUANTITIES: ReadonlyMap<string, Quantity> = new Map([
  ['kubevirt_vmi_migration_data_processed_bytes', 'processed'],
  ['kubevirt_vmi_migration_data_remaining_bytes', 'remaining'],
  ['kubevirt_vmi_migration_dirty_memory_rate_bytes', 'dirtyRate'],
  ['kubevirt_vmi_migration_memory_transfer_rate_bytes', 'rate'],
  ['kubevirt_vmi_migration_disk_transfer_rate_bytes', 'rate'],
  ['kubevirt_migrate_vmi_data_processed_bytes', 'processed'],
  ['kubevirt_migrate_vmi_data_remaining_bytes', 'remaining'],
  ['kubevirt_migrate_vmi_dirty_memory_rate_bytes', 'dirtyRate'],
  ['kubevirt_migrate_vmi_memory_transfer_rate_bytes', 'rate'],
  ['kubevirt_migrate_vmi_disk_transfer_rate_bytes', 'rate'],
]);
/** Names, values and nothing else; whatever is longer is none of them, and is not searched. */
const MAX_LINE_CHARS = 2_048;
const PREFIXES = ['kubevirt_vmi_migration_', 'kubevirt_migrate_vmi_'] as const;

const SAMPLE = /^([a-z_]+)\{(.*)\}\s+(\S+)(?:\s+(-?\d{1,16}))?\s*$/;
const LABEL = /([A-Za-z_][A-Za-z0-9_]*)="((?:[^"\\]|\\.)*)"\s*(?:,\s*|$)/y;

/** Null for every line that is none of them, or that makes no sense. */
export function parseMetricLine(line: string): MetricSample | null {
  if (line.length > MAX_LINE_CHARS || !PREFIXES.some((prefix) => line.startsWith(prefix))) return null;
  const [, metric = '', labelText = '', valueText = '', time] = SAMPLE.exec(line) ?? [];
  const quantity = QUANTITIES.get(metric);
  if (quantity === undefined) return null;
  const labels = parseLabels(labelText);
  const value = Number(valueText);
  // No guest has more; and the room would refuse the whole report for it.
  if (labels === null || Number.isNaN(value) || value < 0 || value > Number.MAX_SAFE_INTEGER) return null;
  const namespace = labels.get('namespace');
  const name = labels.get('name');
  if (namespace === undefined || namespace === '' || name === undefined || name === '') return null;
  return { quantity, namespace, name, value, at: time === undefined ? null : Number(time) };
}

function parseLabels(text: string): ReadonlyMap<string, string> | null {
  const labels = new Map<string, string>();
  LABEL.lastIndex = 0;
  while (LABEL.lastIndex < text.length) {
    const [, name = '', value = ''] = LABEL.exec(text) ?? [];
    if (name === '') return null;
    labels.set(
      name,
      value.replace(/\\(.)/g, (_, escaped: string) => (escaped === 'n' ? '\n' : escaped)),
    );
  }
  return labels;
}
