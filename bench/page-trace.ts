/**
 * What Chromium's trace says of a span of time on the page's main thread, in the thread's own CPU time: what other processes take of the
 * processor in between is not counted. Pure.
 *
 *   task     from the event loop's start on something to its end; what is over 50 ms is felt as a delay
 *   script   JavaScript with its garbage collection, without the styles and layout that it forced
 *   render   styles, layout, paint, forced or not
 */

/** A complete event (`ph` X) or a mark; start and length in microseconds of its thread's CPU time. */
export interface TraceEvent {
  readonly name: string;
  readonly cat: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  readonly tts?: number;
  readonly tdur?: number;
}

/** Milliseconds on the thread's clock. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Milliseconds. */
export interface Work {
  readonly script: number;
  readonly render: number;
  readonly longestTask: number;
  /** Of each task what is over 50 ms, summed up; from the first paint on that is TBT. */
  readonly blocking: number;
}

export const TRACE_CATEGORIES = ['devtools.timeline', 'disabled-by-default-devtools.timeline', 'blink.user_timing', 'v8.execute'] as const;

const LONG_TASK_MS = 50;
const US_PER_MS = 1_000;
const TASK = 'RunTask';
const SCRIPT: ReadonlySet<string> = new Set([
  'EvaluateScript',
  'EventDispatch',
  'FireAnimationFrame',
  'FireIdleCallback',
  'FunctionCall',
  'RunMicrotasks',
  'TimerFire',
  'v8.callFunction',
  'v8.compile',
  'v8.compileModule',
  'v8.evaluateModule',
]);
const RENDER: ReadonlySet<string> = new Set([
  'Commit',
  'IntersectionObserverController::computeIntersections',
  'Layerize',
  'Layout',
  'Paint',
  'PaintImage',
  'PrePaint',
  'RecalculateStyles',
  'UpdateLayerTree',
  'UpdateLayoutTree',
]);

export class Trace {
  readonly #tasks: readonly Span[];
  readonly #scripts: readonly Span[];
  readonly #renders: readonly Span[];
  readonly #both: readonly Span[];
  readonly #marks: ReadonlyMap<string, number>;

  /** Looks at the thread that made the marks, which is the page's main thread. */
  constructor(events: readonly TraceEvent[]) {
    const own = events.find((event) => isMark(event) && event.name.startsWith('bench:'));
    const main = events.filter(({ pid, tid }) => pid === own?.pid && tid === own.tid);
    const spans = (isWanted: (name: string) => boolean): Span[] =>
      merge(main.flatMap(({ name, tts, tdur }) => (tts !== undefined && tdur !== undefined && isWanted(name) ? [span(tts, tdur)] : [])));
    this.#tasks = spans((name) => name === TASK);
    this.#scripts = spans((name) => SCRIPT.has(name));
    this.#renders = spans((name) => RENDER.has(name));
    this.#both = merge([...this.#scripts, ...this.#renders]);
    this.#marks = new Map(main.filter(isMark).map(({ name, tts = Number.NaN }) => [name, tts / US_PER_MS]));
  }

  /** When a mark was made; throws where it was not, for then nothing was measured. */
  at(mark: string): number {
    const time = this.#marks.get(mark);
    if (time === undefined) throw new Error(`the trace has no mark ${mark}`);
    return time;
  }

  work({ from, to }: Span): Work {
    // A task counts as a whole, in the span in which it ends.
    const tasks = this.#tasks.filter((task) => task.to > from && task.to <= to).map((task) => task.to - task.from);
    const render = covered(this.#renders, from, to);
    return {
      script: covered(this.#both, from, to) - render,
      render,
      longestTask: Math.max(0, ...tasks),
      blocking: tasks.reduce((sum, task) => sum + Math.max(0, task - LONG_TASK_MS), 0),
    };
  }
}

const isMark = ({ cat, ph }: TraceEvent): boolean => cat.includes('blink.user_timing') && ph !== 'X';
const span = (tts: number, tdur: number): Span => ({ from: tts / US_PER_MS, to: (tts + tdur) / US_PER_MS });

/** The same time as spans that neither overlap nor nest, in order. */
function merge(spans: readonly Span[]): Span[] {
  const merged: { from: number; to: number }[] = [];
  for (const { from, to } of [...spans].sort((a, b) => a.from - b.from)) {
    const last = merged.at(-1);
    if (last !== undefined && from < last.to) last.to = Math.max(last.to, to);
    else merged.push({ from, to });
  }
  return merged;
}

const covered = (spans: readonly Span[], from: number, to: number): number =>
  spans.reduce((sum, span) => sum + Math.max(0, Math.min(to, span.to) - Math.max(from, span.from)), 0);
