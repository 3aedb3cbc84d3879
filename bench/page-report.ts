/** What the benchmark of the page prints. Pure. */
import { formatColumns } from './fanout-report.ts';
import type { PageName, Samples } from './page-visit.ts';
import { quantile, summarize } from './statistics.ts';

/** The visits of one round follow each other at once, so that what the machine does meets both; a ratio is of one round. */
export type Round = Readonly<Record<PageName, Samples>>;

/** Issue 6 and interface.md, D.6. */
const AIMS: readonly (readonly [name: RegExp, aim: string])[] = [
  [/^mount: longest task/, '≤ 50'],
  [/^mount: layout shift/, '≤ 20'],
  [/^a frame of 1000: script/, '≤ 5'],
  [/^a frame of all: script/, '≤ 10'],
  [/^a frame of all: arrival/, '≤ 100'],
  [/^drain.*: frames/, '≥ 20'],
  [/^click/, '≤ 100'],
  [/^slow phone: LCP/, '≤ 1,000'],
  [/^slow phone: TBT/, '≤ 200 at 2,000'],
];

/** One row for each measure: the median and the spread of both pages, and the median of the rounds' ratios. */
export function formatRounds(rounds: readonly Round[]): string {
  const rows = namesOf(rounds).map((name) => [
    name,
    formatSamples(rounds, 'hostview', name),
    formatSamples(rounds, 'bare', name),
    formatRatio(rounds, name),
    AIMS.find(([pattern]) => pattern.test(name))?.[1] ?? '',
  ]);
  return formatColumns(['median (spread)', 'hostview', 'bare', 'ratio', 'aim'], rows);
}

/** What belongs together follows each other: a name's part before its colon. */
function namesOf(rounds: readonly Round[]): string[] {
  const groups = new Map<string, Set<string>>();
  for (const name of rounds.flatMap(({ hostview }) => [...hostview.keys()])) {
    const group = name.slice(0, name.indexOf(':'));
    groups.set(group, (groups.get(group) ?? new Set()).add(name));
  }
  return [...groups.values()].flatMap((names) => [...names]);
}

function formatSamples(rounds: readonly Round[], page: PageName, name: string): string {
  const { count, p50, spread } = summarize(rounds.flatMap((round) => round[page].get(name) ?? []));
  return count === 0 ? '' : `${format(p50)} (${format(spread)})`;
}

function formatRatio(rounds: readonly Round[], name: string): string {
  const ratios = rounds.flatMap(({ hostview, bare }) => {
    const ratio = quantile(hostview.get(name) ?? [], 0.5) / quantile(bare.get(name) ?? [], 0.5);
    return Number.isFinite(ratio) ? [ratio] : [];
  });
  return ratios.length === 0 ? '' : quantile(ratios, 0.5).toFixed(2);
}

const format = (value: number): string => (Math.abs(value) < 100 ? value.toFixed(1) : value.toFixed(0));
