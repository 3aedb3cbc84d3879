import { describe, expect, it } from 'vitest';
import { NOTHING_WARNED, nextWarned, WARNING_INTERVAL_MS, type Warned, type Warning, warningOf } from '../../../web/news/warning.ts';

/** What is spoken of a connection that stands so at these times (in seconds), and when. */
function spokenOf(standing: readonly (readonly [atS: number, Warning | null])[], untilS: number): string[] {
  const spoken: string[] = [];
  let warned: Warned = NOTHING_WARNED;
  let current: Warning | null = 'back';
  for (let second = 0; second <= untilS; second++) {
    const changes = standing.filter(([atS]) => atS === second);
    const each: readonly (Warning | null)[] = changes.length > 0 ? changes.map(([, warning]) => warning) : [current];
    for (const warning of each) {
      const next = nextWarned(warned, warning, second * 1_000);
      current = warning;
      if (next.at !== warned.at) spoken.push(`${second} ${next.told}`);
      warned = next;
    }
  }
  return spoken;
}

describe('a warning', () => {
  it('is told at once, and that it is over after a while', () => {
    expect(spokenOf([[3, 'lost']], 60)).toEqual(['3 lost']);
    expect(
      spokenOf(
        [
          [3, 'lost'],
          [5, 'back'],
        ],
        60,
      ),
    ).toEqual(['3 lost', '13 back']);
  });

  it('of a connection that comes and goes is told once in 10 s, and how it stands at the end always', () => {
    const flapping = Array.from({ length: 29 }, (_, index) => [index + 1, index % 2 === 0 ? 'lost' : 'back'] as const);
    const spoken = spokenOf(flapping, 120);
    expect(spoken.length).toBeLessThanOrEqual(1 + 30_000 / WARNING_INTERVAL_MS);
    expect(spoken.at(-1)).toMatch(/ lost$/);
    expect(spokenOf([...flapping, [30, 'back']], 120).at(-1)).toMatch(/ back$/);
    const times = spoken.map((each) => Number.parseInt(each, 10));
    for (const [index, at] of times.entries()) expect(at - (times[index - 1] ?? Number.NEGATIVE_INFINITY)).toBeGreaterThanOrEqual(10);
  });

  it('that is not told again is not left standing while it does not hold', () => {
    const lost = nextWarned(NOTHING_WARNED, 'lost', 0);
    expect(lost).toEqual({ told: 'lost', at: 0, isStanding: true });
    const over = nextWarned(lost, 'back', 1_000);
    expect(over).toEqual({ told: 'lost', at: 0, isStanding: false });
    expect(nextWarned(over, 'lost', 2_000)).toBe(over);
    expect(nextWarned(lost, null, 60_000).isStanding).toBe(false);
  });

  it('is none where no picture is of now', () => {
    expect(warningOf({ kind: 'past' }, true)).toBeNull();
    expect(warningOf({ kind: 'connecting' }, false)).toBeNull();
    const refused = { kind: 'refused', refusal: 'login-required', detail: undefined } as const;
    expect([warningOf(refused, false), warningOf(refused, true)]).toEqual([null, 'signed-out']);
    expect(spokenOf([[3, null]], 60)).toEqual([]);
  });
});
