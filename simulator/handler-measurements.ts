/**
 * What a virt-handler measures of a migration that copies memory, every five seconds on its own clock, and how it says so: Prometheus text,
 * named as the version of KubeVirt names it. Pure; the numbers follow from the objects and the time alone.
 */
import type { VirtualMachineInstance as Vmi } from './objects.ts';
import { parseMemory } from './placement.ts';
import { isSince, type KubeVirtVersion } from './traits.ts';

/** One migration, as far as its numbers depend on it. */
export interface MeasuredMove {
  readonly vmi: Vmi;
  /** How long the copy takes; null where nobody has said. */
  readonly copyMs: number | null;
  /** The guest changes its memory as fast as it is copied. */
  readonly busy: boolean;
}

const MEASURE_EVERY_MS = 5_000;
/** A handler keeps that many measurements, and tells all of them whenever it is asked. */
const KEPT_COUNT = 10;
/** Of a guest's memory that much is in use, and copied. */
const USED_SHARE = 0.85;
const NOMINAL_BYTES_PER_SECOND = 340_000_000;
const DIRTY_SHARE = { calm: 0.06, busy: 1.05 } as const;
/** The last round begins with what the guest changes meanwhile; a busy guest's rounds never become shorter. */
const LEAST_SHARE = { calm: 0.02, busy: 0.4 } as const;

export interface Measurement {
  /** On the handler's clock. */
  readonly at: number;
  readonly total: number;
  readonly processed: number;
  readonly remaining: number;
  readonly rate: number;
  readonly dirtyRate: number;
}

/** What is measured of it that is still kept, oldest first: from its start until it is completed. */
export function measure({ vmi, copyMs, busy }: MeasuredMove, nowMs: number): readonly Measurement[] {
  const state = vmi.status.migrationState;
  if (state?.startTimestamp === undefined || state.completed === true || state.failed === true) return [];
  const startedAt = Date.parse(state.startTimestamp);
  const count = Math.floor((nowMs - startedAt) / MEASURE_EVERY_MS);
  const first = Math.max(0, count - KEPT_COUNT + 1);
  return Array.from({ length: Math.max(0, count - first + 1) }, (_, index) => {
    const elapsedMs = (first + index) * MEASURE_EVERY_MS;
    return { at: startedAt + elapsedMs, ...measureAfter(elapsedMs, parseMemory(vmi.spec.domain.memory.guest) * USED_SHARE, copyMs, busy) };
  });
}

function measureAfter(elapsedMs: number, total: number, copyMs: number | null, busy: boolean): Omit<Measurement, 'at'> {
  const kind = busy ? 'busy' : 'calm';
  const nominal = copyMs === null ? NOMINAL_BYTES_PER_SECOND : total / (1 - DIRTY_SHARE.calm) / (copyMs / 1_000);
  // A network is never quite even.
  const rate = nominal * (1 + 0.04 * Math.sin(elapsedMs / 7_000));
  const dirtyRate = rate * DIRTY_SHARE[kind];
  const seconds = elapsedMs / 1_000;
  const least = total * LEAST_SHARE[kind] * (1 + 0.1 * Math.sin(elapsedMs / 9_000));
  const copiedOnce = Math.max(0, nominal * seconds - (busy ? 0 : nominal * DIRTY_SHARE.calm * seconds));
  const whole = Math.round;
  return {
    total: whole(total),
    processed: whole(nominal * seconds),
    remaining: whole(Math.max(total - copiedOnce, least)),
    rate: whole(rate),
    dirtyRate: whole(dirtyRate),
  };
}

/** Names: kubevirt#13423 brought the total and kubevirt#15975 renamed it, kubevirt#13500 corrected the rate's. */
function metricsOf(version: KubeVirtVersion): readonly (readonly [name: string, help: string, key: keyof Measurement])[] {
  const rate = isSince(version, '1.7') ? 'memory_transfer_rate_bytes' : 'disk_transfer_rate_bytes';
  const total = isSince(version, '1.8') ? 'data_bytes_total' : 'data_total_bytes';
  return [
    ...(isSince(version, '1.5') ? ([[total, 'The total Guest OS data to be migrated to the new VM.', 'total']] as const) : []),
    ['data_remaining_bytes', 'The remaining guest OS data to be migrated to the new VM.', 'remaining'],
    ['data_processed_bytes', 'The total Guest OS data processed and migrated to the new VM.', 'processed'],
    ['dirty_memory_rate_bytes', 'The rate of memory being dirty in the Guest OS.', 'dirtyRate'],
    [rate, 'The rate at which the memory is being transferred.', 'rate'],
  ];
}

/** What a handler answers. Before 1.4 it measures when it is asked, and gives no times (kubevirt#12441). */
export function formatMetrics(version: KubeVirtVersion, moves: readonly MeasuredMove[], nowMs: number): string {
  const hasTimes = isSince(version, '1.4');
  const measured = moves.map((move) => {
    const kept = measure(move, nowMs);
    return { vmi: move.vmi, kept: hasTimes ? kept : kept.slice(-1) };
  });
  const lines = ['# HELP go_goroutines Number of goroutines that currently exist.', '# TYPE go_goroutines gauge', 'go_goroutines 311'];
  for (const [name, help, key] of metricsOf(version)) {
    const metric = `kubevirt_vmi_migration_${name}`;
    const samples = measured.flatMap(({ vmi: { metadata, status }, kept }) => {
      const labels = `name="${metadata.name}",namespace="${metadata.namespace}",node="${status.migrationState?.sourceNode ?? status.nodeName}"`;
      return kept.map((one) => `${metric}{${labels}} ${one[key]}${hasTimes ? ` ${one.at}` : ''}`);
    });
    if (samples.length > 0)
      lines.push(`# HELP ${metric} ${help}`, `# TYPE ${metric} ${name.endsWith('_total') ? 'counter' : 'gauge'}`, ...samples);
  }
  return `${lines.join('\n')}\n`;
}
