/** What the cost benchmark prints: tables in Markdown, as docs/cost.md has them. Pure. */
import { FOLLOW_RENEWAL_MS } from '../core/limits.ts';
import {
  addUsage,
  type Bill,
  billOf,
  blendUsage,
  CONNECTS_AN_HOUR,
  type FanOut,
  fleetStreamUsage,
  HOURS_A_DAY,
  HOURS_A_MONTH,
  type HourFacts,
  nearestFreeLimit,
  pollUsage,
  type Scene,
  scaleUsage,
  type UnitFacts,
  usageOf,
} from './cost-model.ts';
import { FREE_CPU_MS_PER_INVOCATION, OBJECT_GB, PRICES, type Usage } from './cost-prices.ts';
import type { PostCounts } from './cost-recording.ts';

export interface MeasuredHour {
  readonly name: string;
  readonly counts: PostCounts;
  /** By fan-out: only the times differ. */
  readonly facts: Readonly<Record<FanOut, HourFacts>>;
  readonly bytesPerViewer: number;
}

export interface CostResults {
  readonly quiet: MeasuredHour;
  readonly busy: MeasuredHour;
  readonly unit: UnitFacts;
  readonly heartbeatRows: { readonly read: number; readonly written: number };
  readonly viewers: readonly number[];
  /** CPU time of workerd for a batch, with everything that the room does; the Worker's is a part of it. */
  readonly batchCpuMs: number;
}

const FAN_OUTS = ['bridge', 'direct'] as const satisfies FanOut[];
/** The lives that a cluster can lead all month. `mixed`: one busy hour a day. */
const LIVES = ['quiet', 'mixed', 'busy'] as const;
type Life = (typeof LIVES)[number];
const CLUSTERS = [1, 10, 100] as const;
const MILLION = 1_000_000;
const KILO = 1_000;
/** The page's list of clusters asks this often where it does not follow the stream; Prometheus commonly scrapes this often. */
const LIST_EVERY_MS = 5_000;
const SCRAPE_EVERY_MS = 60_000;

export const formatCost = (results: CostResults): string =>
  [
    formatHours(results),
    formatUnits(results),
    formatMonths(results),
    formatScale(results),
    formatList(results),
    formatFree(results),
    formatPrices(),
  ].join('\n\n');

function formatHours({ quiet, busy, viewers }: CostResults): string {
  const seconds =
    (fanOut: FanOut, count: number) =>
    (hour: MeasuredHour): string => {
      if (fanOut === 'direct' && count > 0) return '3600';
      return fixed(hour.facts[fanOut].handlerSeconds.get(count) ?? Number.NaN, 1);
    };
  const rows: (readonly [string, (hour: MeasuredHour) => string])[] = [
    ['batches of changes (counted)', ({ counts }) => String(counts.changes)],
    ['heartbeats (counted)', ({ counts }) => String(counts.heartbeats)],
    ['migrations that ended (counted)', ({ counts }) => String(counts.migrations)],
    ['reports of progress, with `--progress` (counted)', ({ counts }) => String(counts.progress)],
    ['rows written (measured)', ({ facts }) => String(facts.bridge.rowsWritten)],
    ['rows that are deleted later (measured)', ({ facts }) => String(facts.bridge.rowsPruned)],
    ['rows read, awake all the time (measured)', ({ facts }) => String(facts.bridge.rowsRead)],
    [
      'rows read to find what is to be deleted, once as much is kept as may be (computed)',
      ({ facts }) => fixed(facts.bridge.rowsScanned, 0),
    ],
    ['wakes at most (counted)', ({ facts }) => String(facts.bridge.wakes)],
    ['events to each viewer (measured)', ({ facts }) => String(facts.bridge.events)],
    ['kB to each viewer (measured)', ({ bytesPerViewer }) => fixed(bytesPerViewer / KILO, 0)],
    ...FAN_OUTS.flatMap((fanOut) =>
      viewers.map((count) => [`seconds awake at most, ${fanOut}, viewers: ${count} (measured)`, seconds(fanOut, count)] as const),
    ),
    ['seconds with a post in the last ten (counted)', ({ facts }) => fixed(facts.bridge.warmSeconds, 0)],
  ];
  return table(
    'The recorded hours',
    ['an hour of 100 VMs on 5 hosts', quiet.name, busy.name],
    rows.map(([label, of]) => [label, of(quiet), of(busy)]),
  );
}

function formatUnits({ unit, heartbeatRows, quiet, busy, batchCpuMs }: CostResults): string {
  const rowsOf = ({ facts }: MeasuredHour): number => facts.bridge.rowsWritten + facts.bridge.rowsPruned;
  const moves = busy.counts.migrations - quiet.counts.migrations;
  const heartbeats = quiet.counts.heartbeats - busy.counts.heartbeats;
  return table(
    'What single things cost',
    ['', ''],
    [
      ['a heartbeat: rows written, and rows read besides waking', `${heartbeatRows.written}, ${heartbeatRows.read}`],
      ['waking a room: rows read', String(unit.wakeRows)],
      ['a snapshot: rows read', String(unit.snapshotRows)],
      ['a stream at the head: rows read', String(unit.connectRows)],
      [
        'a migration, with the VMs that are started and stopped meanwhile: batches',
        fixed((busy.counts.changes - quiet.counts.changes) / moves, 1),
      ],
      ['the same: rows written, their later deletion included', fixed((rowsOf(busy) - rowsOf(quiet) + heartbeats) / moves, 1)],
      [
        'a changed host or VM: rows written, their later deletion included (the aim is 2.5 at most)',
        fixed((rowsOf(busy) - busy.counts.heartbeats) / busy.counts.entities, 2),
      ],
      ['CPU of a request through the Worker to a room that stores nothing, ms at most', fixed(unit.requestCpuMs, 2)],
      ['CPU of a batch, the room’s part included, ms', fixed(batchCpuMs, 2)],
      ['CPU of an event to a bridged viewer, the room’s part included, ms', fixed(unit.deliveryCpuMs, 3)],
    ],
  );
}

function formatMonths(results: CostResults): string {
  const rows = LIVES.flatMap((life) =>
    FAN_OUTS.flatMap((fanOut) =>
      results.viewers.map((viewers) => {
        const scene = { fanOut, viewers, clusters: 1, progress: false };
        const hour = lifeUsage(results, life, scene);
        const month = scaleUsage(hour, HOURS_A_MONTH);
        const idle = billOf(scaleUsage(lifeUsage(results, life, { ...scene, isIdleBilled: true }), HOURS_A_MONTH));
        const bill = billOf(month);
        const free = nearestFreeLimit(scaleUsage(hour, HOURS_A_DAY));
        return [
          `${life}, ${fanOut}, ${viewers}`,
          fixed(month.workerRequests / MILLION, 2),
          fixed(month.objectRequests / MILLION, 2),
          fixed(hour.objectSeconds, 0),
          fixed((month.objectSeconds * OBJECT_GB) / KILO, 1),
          fixed(month.rowsWritten / MILLION, 2),
          fixed(month.rowsRead / MILLION, 1),
          fixed(month.workerCpuMs / MILLION, 1),
          fixed(bill.listDollars, 2),
          fixed(idle.listDollars, 2),
          `**${fixed(bill.dollars, 2)}**`,
          `${free.label} ${fixed(free.share * 100, 0)} %`,
        ];
      }),
    ),
  );
  const head = [
    'one cluster, a month: life, fan-out, viewers',
    'Worker requests, M',
    'object requests, M',
    'awake, s/h',
    '1000 GB-s',
    'rows written, M',
    'rows read, M',
    'Worker CPU, M ms',
    '$ without allowances',
    'the same, were idle seconds billed',
    '$ a month, plan included',
    'nearest limit of the free plan',
  ];
  return table('A cluster and a month', head, rows);
}

function formatScale(results: CostResults): string {
  const rows = LIVES.flatMap((life) =>
    FAN_OUTS.flatMap((fanOut) =>
      results.viewers.map((viewers) => [
        `${life}, ${fanOut}, ${viewers}`,
        ...CLUSTERS.map((clusters) =>
          formatBill(billOf(scaleUsage(lifeUsage(results, life, { fanOut, viewers, clusters, progress: false }), HOURS_A_MONTH))),
        ),
      ]),
    ),
  );
  const variants = [
    { text: 'with `--progress`', progress: true },
    { text: 'were idle seconds billed', progress: false, isIdleBilled: true },
  ];
  const more = variants.flatMap(({ text, ...variant }) =>
    LIVES.map((life) => [
      `${life}, bridge, 1, ${text}`,
      ...CLUSTERS.map((clusters) =>
        formatBill(billOf(scaleUsage(lifeUsage(results, life, { fanOut: 'bridge', viewers: 1, clusters, ...variant }), HOURS_A_MONTH))),
      ),
    ]),
  );
  return table(
    'How it grows: $ a month, the plan included, and what most of it is',
    ['life, fan-out, viewers of each cluster', ...CLUSTERS.map((count) => `${count} cluster${count === 1 ? '' : 's'}`)],
    [...rows, ...more],
  );
}

function formatList(results: CostResults): string {
  const { unit } = results;
  const baseOf = (clusters: number): Usage => lifeUsage(results, 'mixed', { fanOut: 'bridge', viewers: 0, clusters, progress: false });
  const [quiet, busy] = [results.quiet.facts.bridge, results.busy.facts.bridge];
  const stream = (clusters: number, viewers: number): Usage =>
    blendUsage(fleetStreamUsage(quiet, unit, clusters, viewers), fleetStreamUsage(busy, unit, clusters, viewers), 1 / HOURS_A_DAY);
  const list = (clusters: number, pollers: number): Usage =>
    pollUsage(unit, { clusters, pollers, everyMs: LIST_EVERY_MS, directoryRequests: 1 });
  const scrape = (clusters: number): Usage => pollUsage(unit, { clusters, pollers: 1, everyMs: SCRAPE_EVERY_MS, directoryRequests: 2 });
  const ways: (readonly [string, (clusters: number) => Usage])[] = [
    [`the fleet’s stream, 1 viewer (renewed every ${FOLLOW_RENEWAL_MS / 60_000} min)`, (clusters) => stream(clusters, 1)],
    ['the fleet’s stream, 10 viewers', (clusters) => stream(clusters, 10)],
    [`GET /api/v1/clusters every ${LIST_EVERY_MS / KILO} s, 1 viewer`, (clusters) => list(clusters, 1)],
    ['the same, 10 viewers', (clusters) => list(clusters, 10)],
    [`GET /metrics every ${SCRAPE_EVERY_MS / KILO} s`, scrape],
  ];
  const rows = ways.map(([label, usage]) => [
    label,
    ...CLUSTERS.map((clusters) => {
      const base = baseOf(clusters);
      const added = usage(clusters);
      const more = billOf(scaleUsage(addUsage(base, added), HOURS_A_MONTH)).dollars - billOf(scaleUsage(base, HOURS_A_MONTH)).dollars;
      return `${fixed((added.objectRequests * HOURS_A_MONTH) / MILLION, 1)} M, +$${fixed(more, 2)}`;
    }),
  ]);
  return table(
    'Looking at all clusters all month: object requests, and what they add to the bill of mixed clusters that nobody else looks at',
    ['', ...CLUSTERS.map((count) => `${count} cluster${count === 1 ? '' : 's'}`)],
    rows,
  );
}

function formatFree({ quiet, busy, unit }: CostResults): string {
  const rows = [quiet, busy].map(({ name, facts }) => {
    const cpuMs = (facts.bridge.events / CONNECTS_AN_HOUR) * unit.deliveryCpuMs;
    return [name, fixed(facts.bridge.events / CONNECTS_AN_HOUR, 0), fixed(cpuMs, 1), String(FREE_CPU_MS_PER_INVOCATION)];
  });
  return table(
    'The free plan’s CPU limit of an invocation, and a bridged stream of 12.5 minutes',
    ['', 'events', 'CPU at most, ms', 'limit, ms'],
    rows,
  );
}

function formatPrices(): string {
  const rows = PRICES.map(({ label, dollars, per, included, freeADay }) => [
    label,
    per === 1 ? `$${dollars} each` : `$${dollars} a million`,
    included.toLocaleString('en-US'),
    freeADay === null ? '–' : freeADay.toLocaleString('en-US'),
  ]);
  return table('The prices', ['', 'beyond what is included', 'included in $5 a month', 'the free plan, a day'], rows);
}

function lifeUsage({ quiet, busy, unit }: CostResults, life: Life, scene: Scene): Usage {
  const of = ({ facts }: MeasuredHour): Usage => usageOf(facts[scene.fanOut], unit, scene);
  if (life === 'mixed') return blendUsage(of(quiet), of(busy), 1 / HOURS_A_DAY);
  return of(life === 'quiet' ? quiet : busy);
}

const formatBill = ({ dollars, beyond }: Bill): string =>
  `$${fixed(dollars, 2)}${beyond[0] === undefined ? '' : ` (${beyond[0].label} $${fixed(beyond[0].dollars, 2)})`}`;

const fixed = (value: number, digits: number): string => value.toFixed(digits);

function table(title: string, head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [`**${title}**`, '', line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
