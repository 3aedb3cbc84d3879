/** What the fan-out benchmark prints. Pure. */
import type { FrozenSample, LatencySample, LoadSample, Trouble } from './fanout-parts.ts';
import type { PeerName } from './fanout-peers.ts';
import { formatTable, quantile, type Summary, summarize } from './statistics.ts';

export interface MemorySample {
  /** When in the run. */
  readonly when: string;
  readonly process: string;
  readonly bytes: number;
}

/** Of one server, over all rounds. */
export interface PeerSamples {
  readonly latency: Map<number, LatencySample[]>;
  readonly load: LoadSample[];
  readonly frozen: FrozenSample[];
  readonly memory: MemorySample[];
}

export const emptySamples = (): PeerSamples => ({ latency: new Map(), load: [], frozen: [], memory: [] });

type Results = ReadonlyMap<PeerName, PeerSamples>;

export const formatReport = (results: Results): string =>
  [formatLatency(results), formatLoad(results), formatFrozen(results), formatMemory(results), formatTrouble(results)]
    .filter((part) => part !== '')
    .join('\n\n');

const median = (samples: readonly number[]): number => quantile(samples, 0.5);
const MEGABYTE = 1_000_000;
const MS_PER_S = 1_000;
const AIM_RATIO = 1.5;
const AIM_AGE_MS = 1_000;

function formatLatency(results: Results): string {
  const last: Record<string, Summary> = {};
  const each: Record<string, Summary> = {};
  for (const viewers of new Set([...results.values()].flatMap(({ latency }) => [...latency.keys()]))) {
    for (const [name, { latency }] of results) {
      const samples = latency.get(viewers) ?? [];
      last[`${viewers} viewers, ${name}`] = summarize(samples.flatMap((sample) => sample.last));
      each[`${viewers} viewers, ${name}`] = summarize(samples.flatMap((sample) => sample.each));
    }
  }
  if (Object.keys(last).length === 0) return '';
  const cpu = [...results].flatMap(([name, { latency }]) =>
    [...latency].map(([viewers, samples]) => `  ${viewers} viewers, ${name}: ${formatCpu(samples, (share) => `${share.toFixed(1)} ms`)}`),
  );
  const aims = [...(results.get('nchan')?.latency.keys() ?? [])].flatMap((viewers) => {
    const [own, other] = [last[`${viewers} viewers, direct`], last[`${viewers} viewers, nchan`]];
    if (own === undefined || other === undefined) return [];
    return `  ${viewers} viewers: direct : nchan, p99 to the last viewer: ${(own.p99 / other.p99).toFixed(2)} (aim: at most ${AIM_RATIO})`;
  });
  return [
    ...['(i) one change a second: POST → the last viewer', formatTable(last, 'ms'), ...aims, ''],
    ...['POST → each viewer', formatTable(each, 'ms'), '', 'CPU time a change', ...cpu],
  ].join('\n');
}

function formatLoad(results: Results): string {
  const rows = [...results].flatMap(([name, { load }]) => {
    if (load.length === 0) return [];
    const ages = summarize(load.flatMap((sample) => sample.ages));
    const of = (field: 'deliveredPerSecond' | 'eventsPerSecond' | 'bytesPerEvent' | 'catchUpMs' | 'posts'): number =>
      median(load.map((sample) => sample[field]));
    return [
      [
        name,
        (of('deliveredPerSecond') / MS_PER_S).toFixed(0),
        ages.p50.toFixed(0),
        ages.p99.toFixed(0),
        ages.max.toFixed(0),
        String(load.reduce((sum, { cutOffs }) => sum + cutOffs, 0)),
        of('catchUpMs').toFixed(0),
        of('posts').toFixed(0),
        of('eventsPerSecond').toFixed(0),
        (of('bytesPerEvent') / MS_PER_S).toFixed(1),
      ],
    ];
  });
  if (rows.length === 0) return '';
  const head = ['', 'delivered 1000/s', 'age p50 ms', 'p99', 'max', 'cut off', 'catch-up ms', 'posts', 'events/s', 'kB/event'];
  const cpu = [...results]
    .filter(([, { load }]) => load.length > 0)
    .map(([name, { load }]) => `  ${name}, of a core: ${formatCpu(load, (share) => `${(share * 100).toFixed(0)} %`)}`);
  return ['(ii) many changes a second (medians of the rounds; ages of all)', formatColumns(head, rows), aimOfLoad(results), ...cpu]
    .filter((line) => line !== '')
    .join('\n');
}

function formatCpu(samples: readonly { readonly cpu: Readonly<Record<string, number>> }[], format: (value: number) => string): string {
  const processes = Object.keys(samples[0]?.cpu ?? {});
  return processes.map((process) => `${process} ${format(median(samples.map(({ cpu }) => cpu[process] ?? 0)))}`).join(', ');
}

function aimOfLoad(results: Results): string {
  const [own, other] = [results.get('direct')?.load ?? [], results.get('nchan')?.load ?? []];
  if (own.length === 0 || other.length === 0) return '';
  const ratio = median(own.map((sample) => sample.deliveredPerSecond)) / median(other.map((sample) => sample.deliveredPerSecond));
  const oldest = Math.max(...own.map(({ ages }) => quantile(ages, 1)));
  return `  direct : nchan, delivered: ${ratio.toFixed(2)} (aim: at least 1); oldest shown by direct ${oldest.toFixed(0)} ms (aim: under ${AIM_AGE_MS})`;
}

function formatFrozen(results: Results): string {
  const rows: Record<string, Summary> = {};
  const notes: string[] = [];
  for (const [name, { frozen }] of results) {
    if (frozen.length === 0) continue;
    rows[`${name}, all read`] = summarize(frozen.flatMap(({ before }) => before));
    rows[`${name}, one frozen`] = summarize(frozen.flatMap(({ during }) => during));
    const ends = frozen.map(formatEnd).join('; ');
    const kilobytes = median(frozen.map(({ bytesPerEvent }) => bytesPerEvent)) / MS_PER_S;
    notes.push(`  ${name}: the frozen one (${kilobytes.toFixed(0)} kB a frame): ${ends}`);
  }
  if (notes.length === 0) return '';
  return ['(iii) one viewer frozen: POST → the last of the others', formatTable(rows, 'ms'), ...notes].join('\n');
}

function formatEnd({ cutOffAfterMs, foundCutOff, resumedMs }: FrozenSample): string {
  const when = cutOffAfterMs === null ? '' : ` ${(cutOffAfterMs / MS_PER_S).toFixed(1)} s after it froze`;
  return `${foundCutOff ? 'cut off' : 'not cut off'}${when}, at the head ${(resumedMs / MS_PER_S).toFixed(1)} s after it read again`;
}

function formatMemory(results: Results): string {
  const whens = [...new Set([...results.values()].flatMap(({ memory }) => memory.map(({ when }) => when)))];
  const rows = [...results].flatMap(([name, { memory }]) =>
    [...new Set(memory.map(({ process }) => process))].map((process) => [
      `${name}, ${process}`,
      ...whens.map((when) => {
        const bytes = memory.filter((sample) => sample.when === when && sample.process === process).map((sample) => sample.bytes);
        return bytes.length === 0 ? '' : (median(bytes) / MEGABYTE).toFixed(1);
      }),
    ]),
  );
  return rows.length === 0 ? '' : `(iv) resident memory, MB (medians of the rounds)\n${formatColumns(['', ...whens], rows)}`;
}

/** Everything else that went wrong anywhere; says so too where nothing did. */
function formatTrouble(results: Results): string {
  const kinds = ['cutOffs', 'gaps', 'malformed', 'refused', 'behind'] as const satisfies (keyof Trouble)[];
  const lines = [...results].flatMap(([name, { latency, load, frozen }]) => {
    const samples: Trouble[] = [...[...latency.values()].flat(), ...load, ...frozen];
    const counts = kinds
      .map((kind) => [kind, samples.reduce((sum, sample) => sum + sample[kind], 0)] as const)
      .filter(([, count]) => count > 0);
    return counts.length === 0 ? [] : `  ${name}: ${counts.map(([kind, count]) => `${kind} ${count}`).join(', ')}`;
  });
  return lines.length === 0
    ? 'Nobody was cut off or refused, no frame was missing, all had the last change.'
    : ['Trouble:', ...lines].join('\n');
}

/** The first column to the left, the others to the right. */
export function formatColumns(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    cells.map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0))).join('  ');
  return [head, ...rows].map(line).join('\n');
}
