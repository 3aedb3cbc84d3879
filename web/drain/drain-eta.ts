/**
 * When the VMs of a host that is being emptied will be gone: a range from how fast others have left, or why there is none. All times are
 * the room's (SPEC T6). It promises nothing: VMs differ in size, and who leaves last is the largest as often as not. What nobody saw is no
 * pace, and no stillness either (SPEC H6): neither who left unseen counts, nor the time since the cluster last spoke.
 *
 *   nobody here ─▶ none     nobody goes by itself ─▶ endless, or unknown while maintenance may still ask     few have left ─▶ too-early
 *   none for long ─▶ halted     else ─▶ range
 */
import { MAX_LEAVING_COUNT } from '../../core/limits.ts';
import { countHindered, type DrainLine } from './drain-line.ts';

export type DrainEta =
  /** There is nobody, or nothing can be told of a host that does not report. */
  | { readonly kind: 'none' }
  /** Who is left does not leave by itself. */
  | { readonly kind: 'endless' }
  /** Who is left has not been asked to leave, and maintenance mode may still ask: it has begun, and nobody can tell whether it has asked all. */
  | { readonly kind: 'unknown' }
  /** Of so many it is known when they left. `isSinceGap`: others have left whose times are not known. */
  | { readonly kind: 'too-early'; readonly known: number; readonly isSinceGap: boolean }
  /** Nobody has left for so long that what was before tells nothing. */
  | { readonly kind: 'halted'; readonly idleMs: number }
  /** Those that go by themselves will be gone in so long; `isWhole`: nobody is left then. */
  | { readonly kind: 'range'; readonly fromMs: number; readonly toMs: number; readonly isWhole: boolean };

/** VMs leave a few at a time, as many as may move at once: only over several is there a pace. */
const STRIDE_COUNT = 3;
/** Of fewer, the first may have been sent away by another hand, or long before the others were asked: each time between two counts. */
const FEW_COUNT = 6;
/** So much may an average of a few be wrong. */
const MARGIN = 0.25;
const HALTED_AFTER_MS = 600_000;
const HALTED_AFTER_PACES = 8;

export interface EtaFacts {
  /** When VMs left since the drain began, or since some left unseen, in any order. */
  readonly departures: readonly number[];
  /** How many have left since it began. */
  readonly gone: number;
  readonly now: number;
  /** When the cluster last spoke: who has left since is not known yet. */
  readonly heard: number;
  readonly line: DrainLine;
  /** More are on their way here, and will have to leave again. */
  readonly arriving: number;
  /** The host is entering maintenance. */
  readonly isEntering: boolean;
}

export function selectEta({ departures, gone, now, heard, line, arriving, isEntering }: EtaFacts): DrainEta {
  const hindered = countHindered(line);
  if (line.going === 0) return { kind: hindered === 0 ? 'none' : isEntering && line.hindered.unasked > 0 ? 'unknown' : 'endless' };
  const recent = [...departures].sort((a, b) => a - b).slice(-MAX_LEAVING_COUNT);
  const paces = selectPaces(recent);
  const middle = quantile(paces, 0.5);
  const last = recent.at(-1);
  // Who left at once was sent away at once: that is no pace.
  if (middle === undefined || middle <= 0 || last === undefined) {
    return { kind: 'too-early', known: recent.length, isSinceGap: recent.length < Math.min(gone, MAX_LEAVING_COUNT) };
  }
  // Where the room's clock was set back, the times of frames are ahead of it.
  const idleMs = Math.max(0, heard - last);
  if (idleMs > Math.max(HALTED_AFTER_MS, middle * HALTED_AFTER_PACES)) return { kind: 'halted', idleMs };
  const each = recent.length < FEW_COUNT ? selectPaces(recent, 1) : [];
  const low = Math.min(quantile(paces, 0.25) ?? middle, middle * (1 - MARGIN), ...each);
  // The next one leaves now at the earliest: where that is late, the pace has become worse.
  const [open = middle] = selectPaces([...recent, last + idleMs]).slice(-1);
  const high = Math.max(quantile(paces, 0.75) ?? middle, middle * (1 + MARGIN), open, ...each);
  return {
    kind: 'range',
    fromMs: Math.max(0, low * (line.going - 1) + Math.max(0, low - idleMs) - Math.max(0, now - heard)),
    toMs: high * line.going,
    isWhole: hindered + arriving === 0,
  };
}

/** Milliseconds per VM, over each few that left one after another; `times` ascending. */
const selectPaces = (times: readonly number[], stride = STRIDE_COUNT): number[] =>
  times.slice(stride).map((at, index) => (at - (times[index] ?? at)) / stride);

function quantile(values: readonly number[], share: number): number | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.round((sorted.length - 1) * share)];
}
