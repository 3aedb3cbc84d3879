/**
 * When the VMs of a host that is being emptied will be gone: a range from how fast others have left, or why there is none. All times are
 * the room's (SPEC T6). It promises nothing: VMs differ in size, and who leaves last is the largest as often as not.
 *
 *   nobody here ─▶ none     nobody goes by itself ─▶ endless, or unknown while maintenance may still ask     few have left ─▶ too-early
 *   none for long ─▶ halted     else ─▶ range
 */
import { countHindered, type DrainLine } from './drain-line.ts';

export type DrainEta =
  /** There is nobody, or nothing can be told of a host that does not report. */
  | { readonly kind: 'none' }
  /** Who is left does not leave by itself. */
  | { readonly kind: 'endless' }
  /** Who is left has not been asked to leave, and maintenance mode may still ask: it has begun, and nobody can tell whether it has asked all. */
  | { readonly kind: 'unknown' }
  /** Of so many it is known when they left. */
  | { readonly kind: 'too-early'; readonly known: number }
  /** Nobody has left for so long that what was before tells nothing. */
  | { readonly kind: 'halted'; readonly idleMs: number }
  /** Those that go by themselves will be gone in so long; `isWhole`: nobody is left then. */
  | { readonly kind: 'range'; readonly fromMs: number; readonly toMs: number; readonly isWhole: boolean };

/** VMs leave a few at a time, as many as may move at once: only over several is there a pace. */
const STRIDE_COUNT = 3;
/** The pace of an hour ago says little about the next VM. */
const RECENT_COUNT = 12;
/** So much may an average of a few be wrong. */
const MARGIN = 0.25;
const HALTED_AFTER_MS = 600_000;
const HALTED_AFTER_PACES = 8;

export interface EtaFacts {
  /** When VMs left since the drain began, in any order. */
  readonly departures: readonly number[];
  readonly now: number;
  readonly line: DrainLine;
  /** More are on their way here, and will have to leave again. */
  readonly arriving: number;
  /** The host is entering maintenance. */
  readonly isEntering: boolean;
}

export function selectEta({ departures, now, line, arriving, isEntering }: EtaFacts): DrainEta {
  const hindered = countHindered(line);
  if (line.going === 0) return { kind: hindered === 0 ? 'none' : isEntering && line.hindered.unasked > 0 ? 'unknown' : 'endless' };
  const recent = departures
    .filter((at) => at <= now)
    .sort((a, b) => a - b)
    .slice(-RECENT_COUNT);
  const paces = selectPaces(recent);
  const middle = quantile(paces, 0.5);
  const last = recent.at(-1);
  // Who left at once was sent away at once: that is no pace.
  if (middle === undefined || middle <= 0 || last === undefined) return { kind: 'too-early', known: recent.length };
  const idleMs = now - last;
  if (idleMs > Math.max(HALTED_AFTER_MS, middle * HALTED_AFTER_PACES)) return { kind: 'halted', idleMs };
  const low = Math.min(quantile(paces, 0.25) ?? middle, middle * (1 - MARGIN));
  // The next one leaves now at the earliest: where that is late, the pace has become worse.
  const [open = middle] = selectPaces([...recent, now]).slice(-1);
  const high = Math.max(quantile(paces, 0.75) ?? middle, middle * (1 + MARGIN), open);
  return {
    kind: 'range',
    fromMs: low * (line.going - 1) + Math.max(0, low - idleMs),
    toMs: high * line.going,
    isWhole: hindered + arriving === 0,
  };
}

/** Milliseconds per VM, over each few that left one after another; `times` ascending. */
const selectPaces = (times: readonly number[]): number[] =>
  times.slice(STRIDE_COUNT).map((at, index) => (at - (times[index] ?? at)) / STRIDE_COUNT);

function quantile(values: readonly number[], share: number): number | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.round((sorted.length - 1) * share)];
}
