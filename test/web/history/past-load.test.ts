import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { digestOf, formatDigest } from '../../../core/digest.ts';
import { loadAfter, loadBefore, loadMoment } from '../../../web/history/past-load.ts';
import { changesBetween, cursorOf, momentOf, type PastWindow, stateAt, stepBack, stepForward } from '../../../web/history/past-window.ts';
import { createPastLog, type LoggedChange, loggedVm, type PastLog } from '../../support/past-log.ts';

const change = (at: number, host: string, extra: Partial<LoggedChange> = {}): LoggedChange => ({
  at,
  vms: [loggedVm('ubuntu', host)],
  ...extra,
});

async function windowAt(log: PastLog, at: number): Promise<PastWindow> {
  const loaded = await loadMoment(log, at);
  if (!loaded.ok) throw new Error(loaded.error.kind);
  return loaded.value;
}

/** One step, with whatever has to be asked for it; null at the end that way. */
async function walk(log: PastLog, window: PastWindow, direction: 1 | -1): Promise<PastWindow | null> {
  for (let current = window; ; ) {
    const step = direction === 1 ? stepForward(current) : stepBack(current);
    if (step.kind === 'there') return step.window;
    if (step.kind === 'jump') return windowAt(log, step.at);
    const loaded = await (step.kind === 'page' ? loadAfter(log, current) : loadBefore(log, current));
    if (!loaded.ok) throw new Error(loaded.error.kind);
    if (loaded.value === 'newest' || loaded.value === 'oldest') return null;
    if (step.kind === 'before') return loaded.value;
    current = loaded.value;
  }
}

async function walkAll(log: PastLog, start: PastWindow, direction: 1 | -1): Promise<PastWindow[]> {
  const visited: PastWindow[] = [];
  for (let window: PastWindow | null = start; ; ) {
    window = await walk(log, window, direction);
    if (window === null) return visited;
    visited.push(window);
  }
}

describe('S1, D2: stepping through the log', () => {
  it('back goes frame by frame, also within one millisecond, and forward again the same way', async () => {
    const log = createPastLog([change(10, 'a'), change(20, 'b'), change(20, 'c'), change(20, 'd'), change(30, 'e')]);
    const start = await windowAt(log, 100);
    const back = await walkAll(log, start, -1);
    expect(back.map(cursorOf)).toEqual(['e-4', 'e-3', 'e-2', 'e-1']);
    expect(back.map((window) => stateAt(window).vms.get('default/ubuntu')?.host)).toEqual(['d', 'c', 'b', 'a']);
    const forward = await walkAll(log, back.at(-1) ?? start, 1);
    expect(forward.map(cursorOf)).toEqual(['e-2', 'e-3', 'e-4', 'e-5']);
    expect(forward.map((window) => momentOf(window).at)).toEqual([20, 20, 20, 30]);
  });

  it('a step names what it changes, both ways', async () => {
    const log = createPastLog([change(10, 'a'), { at: 20, vms: [loggedVm('debian', 'b')] }, change(30, 'c')]);
    const start = await windowAt(log, 30);
    const back = await walk(log, start, -1);
    if (back === null) throw new Error('there is a frame before');
    expect(changesBetween(back, back.index + 1)).toMatchObject({ isReplaced: false, vms: new Set(['default/ubuntu']) });
    const further = await walk(log, back, -1);
    if (further === null) throw new Error('there is another frame before');
    expect(changesBetween(further, back.index)).toMatchObject({ vms: new Set(['default/debian']) });
    expect(stateAt(further).vms.has('default/debian')).toBe(false);
  });

  it('goes no further back than what is kept, even where the log begins within a millisecond', async () => {
    const log = createPastLog([change(10, 'a'), change(20, 'b'), change(20, 'c'), change(30, 'd')], 2);
    const back = await walkAll(log, await windowAt(log, 30), -1);
    // The picture at 20 has both frames of that millisecond: the one between cannot be asked for.
    expect(back.map(cursorOf)).toEqual(['e-3']);
  });

  it('goes over a frame that was not kept, both ways', async () => {
    const log = createPastLog([change(10, 'a'), change(20, 'b'), change(30, 'c', { isHole: true }), change(40, 'd')]);
    const back = await walkAll(log, await windowAt(log, 40), -1);
    expect(back.map(cursorOf)).toEqual(['e-3', 'e-2', 'e-1']);
    const first = back.at(-1);
    if (first === undefined) throw new Error('nothing was visited');
    const forward = await walkAll(log, first, 1);
    expect(forward.map(cursorOf)).toEqual(['e-2', 'e-3', 'e-4']);
  });

  it('asks three times for many steps back, and once for many forward', async () => {
    const log = createPastLog(Array.from({ length: 120 }, (_, index) => change(index * 10, `h-${index}`)));
    const start = await windowAt(log, 5_000);
    log.asked.length = 0;
    let window: PastWindow | null = start;
    for (let steps = 0; steps < 49 && window !== null; steps++) window = await walk(log, window, -1);
    expect(window === null ? null : cursorOf(window)).toBe('e-71');
    expect(log.asked).toHaveLength(3);
  });

  it('in any log every position is the state that the room had, and none that can be told apart is passed over', async () => {
    const step = fc.record({ gap: fc.nat(2), host: fc.nat(3), vm: fc.nat(3), isHole: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 1, maxLength: 30 }),
        fc.nat(5),
        fc.integer({ min: 1, max: 7 }),
        async (steps, kept, page) => {
          let at = 100;
          const changes = steps.map(({ gap, host, vm, isHole }, index): LoggedChange => {
            at += gap;
            return { at, vms: [loggedVm(`vm-${vm}`, `host-${host}-${index}`)], isHole: isHole && index % 3 === 2 };
          });
          const log = createPastLog(changes, Math.min(kept + 1, changes.length), page);
          const start = await windowAt(log, at + 5);
          const back = await walkAll(log, start, -1);
          const first = back.at(-1) ?? start;
          const forward = await walkAll(log, first, 1);
          for (const window of [start, ...back, ...forward]) {
            const state = stateAt(window);
            expect(formatDigest(digestOf(state.hosts.values(), state.vms.values()))).toBe(state.digest);
            expect(log.states.find(({ cursor }) => cursor === state.cursor)?.digest).toBe(state.digest);
          }
          const numbers = (windows: readonly PastWindow[]): number[] => windows.map((window) => Number(cursorOf(window)?.slice(2)));
          expect(numbers(back)).toEqual([...numbers(back)].sort((a, b) => b - a));
          expect(new Set(numbers(back)).size).toBe(back.length);
          const holes = changes.flatMap(({ isHole }, index) => (isHole === true ? [index + 1] : []));
          const isBesideHole = (revision: number): boolean =>
            holes.some((hole) => changes[hole - 1]?.at === changes[revision - 1]?.at || changes[hole]?.at === changes[revision - 1]?.at);
          const oldest = Number(cursorOf(first)?.slice(2));
          const missed = changes
            .map((_, index) => index + 1)
            .filter((revision) => revision >= oldest && !numbers([start, ...back]).includes(revision));
          expect(missed.filter((revision) => !isBesideHole(revision))).toEqual([]);
          expect(cursorOf(forward.at(-1) ?? first)).toBe(log.head);
        },
      ),
      { numRuns: 200 },
    );
  });
});
