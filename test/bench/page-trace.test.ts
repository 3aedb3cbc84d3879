import { describe, expect, it } from 'vitest';
import { Trace, type TraceEvent } from '../../bench/page-trace.ts';

const MAIN = { pid: 1, tid: 2 };
const event = (name: string, fromMs: number, lengthMs: number, where = MAIN): TraceEvent => ({
  name,
  cat: 'devtools.timeline',
  ph: 'X',
  tts: fromMs * 1_000,
  tdur: lengthMs * 1_000,
  ...where,
});
const mark = (name: string, atMs: number, where = MAIN): TraceEvent => ({
  name,
  cat: 'blink.user_timing',
  ph: 'I',
  tts: atMs * 1_000,
  ...where,
});

const trace = new Trace([
  mark('somebody-else’s', 0, { pid: 9, tid: 9 }),
  mark('bench:start', 0),
  event('RunTask', 0, 90),
  event('FireAnimationFrame', 10, 60),
  event('FunctionCall', 20, 40),
  // Forced by the script.
  event('Layout', 30, 15),
  event('UpdateLayoutTree', 72, 5),
  event('Paint', 80, 10),
  event('RunTask', 100, 30),
  event('TimerFire', 100, 8),
  event('RunTask', 0, 400, { pid: 1, tid: 7 }),
  event('FunctionCall', 0, 400, { pid: 1, tid: 7 }),
  mark('bench:painted', 95),
  mark('bench:end', 200),
]);

describe('a trace of the main thread', () => {
  it('counts nested scripts once, and no forced layout as script', () => {
    const { script, render } = trace.work({ from: trace.at('bench:start'), to: trace.at('bench:painted') });
    expect(script).toBeCloseTo(45);
    expect(render).toBeCloseTo(30);
  });

  it('cuts at the ends of the span', () => {
    const { script, render } = trace.work({ from: 25, to: 32 });
    expect(script).toBeCloseTo(5);
    expect(render).toBeCloseTo(2);
  });

  it('counts a task where it ends, and what of it is over 50 ms', () => {
    expect(trace.work({ from: 0, to: 200 })).toMatchObject({ longestTask: 90, blocking: 40 });
    expect(trace.work({ from: 95, to: 200 })).toMatchObject({ longestTask: 30, blocking: 0 });
  });

  it('has no mark that was not made', () => {
    expect(() => trace.at('bench:nothing')).toThrow('bench:nothing');
  });
});
