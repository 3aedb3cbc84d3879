/** What a benchmark prints of its samples. Pure. */

/** The value below which the given share (0 to 1) of the samples lies, by the nearest rank. */
export function quantile(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  const rank = Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1));
  return sorted[rank] ?? Number.NaN;
}

export interface Summary {
  readonly count: number;
  readonly min: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
  /** Half the distance between the quartiles: the spread that outliers do not move. */
  readonly spread: number;
}

export const summarize = (samples: readonly number[]): Summary => ({
  count: samples.length,
  min: quantile(samples, 0),
  p50: quantile(samples, 0.5),
  p95: quantile(samples, 0.95),
  p99: quantile(samples, 0.99),
  max: quantile(samples, 1),
  spread: (quantile(samples, 0.75) - quantile(samples, 0.25)) / 2,
});

/** One row per name, right-aligned columns, numbers with one decimal. */
export function formatTable(rows: Readonly<Record<string, Summary>>, unit: string): string {
  const columns = ['min', 'p50', 'p95', 'p99', 'max', 'spread'] as const;
  const width = Math.max(...Object.keys(rows).map((name) => name.length));
  const head = `${`(${unit})`.padEnd(width)}  ${'n'.padStart(5)}${columns.map((column) => column.padStart(9)).join('')}`;
  const lines = Object.entries(rows).map(
    ([name, summary]) =>
      `${name.padEnd(width)}  ${String(summary.count).padStart(5)}${columns.map((column) => summary[column].toFixed(1).padStart(9)).join('')}`,
  );
  return [head, ...lines].join('\n');
}
