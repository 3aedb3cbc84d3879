import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Direction } from '../../../web/settings/keys.ts';
import { addLetter, type Box, findTyped, NOTHING_TYPED, nearestBox, nextBox } from '../../../web/settings/roving.ts';

const box = (left: number, top: number, width = 100, height = 28): Box => ({ left, top, right: left + width, bottom: top + height });

/**
 * A card: a heading, a dock of two lists beside one another (A, B arriving; C leaving), and a list of three columns whose last row is short.
 *
 *   [H                    ]
 *   [A        ] [C        ]
 *   [B        ]
 *   [0] [1] [2]
 *   [3] [4]
 */
const CARD: Readonly<Record<string, Box>> = {
  H: box(0, 0, 320, 24),
  A: box(4, 40, 150, 60),
  B: box(4, 104, 150, 60),
  C: box(166, 40, 150, 60),
  '0': box(0, 200),
  '1': box(105, 200),
  '2': box(210, 200),
  '3': box(0, 229),
  '4': box(105, 229),
};

describe('the next one in a direction', () => {
  const names = Object.keys(CARD);
  const go = (from: string, direction: Direction): string | null => {
    const others = names.filter((name) => name !== from);
    const index = nextBox(
      CARD[from] ?? box(0, 0),
      others.map((name) => CARD[name] ?? box(0, 0)),
      direction,
    );
    return index === null ? null : (others[index] ?? null);
  };

  it.each<readonly [string, Direction, string | null]>([
    ['H', 'down', 'A'],
    ['A', 'down', 'B'],
    ['A', 'right', 'C'],
    ['C', 'left', 'A'],
    ['B', 'right', null],
    ['B', 'down', '0'],
    ['C', 'down', 'B'],
    ['0', 'right', '1'],
    ['1', 'right', '2'],
    ['2', 'right', null],
    ['0', 'left', null],
    ['0', 'up', 'B'],
    ['2', 'up', 'B'],
    ['2', 'down', '4'],
    ['4', 'right', null],
    ['4', 'down', null],
    ['4', 'up', '1'],
    ['A', 'up', 'H'],
    ['H', 'up', null],
  ])('from %s %s', (from, direction, to) => {
    expect(go(from, direction)).toBe(to);
  });

  it('goes to the next row also where that is shorter, and not past it to what lies straight ahead', () => {
    const boxes = [box(0, 30), box(0, 60), box(210, 60)];
    expect(nextBox(box(210, 0), boxes, 'down')).toBe(0);
  });

  it('is the nearest one where a card is entered from beside it, in none of whose rows it was', () => {
    expect(nearestBox(box(0, 90), [box(300, 0), box(300, 60), box(405, 60)])).toBe(1);
    expect(nearestBox(box(0, 0), [])).toBeNull();
  });

  it('never stays, and never goes back', () => {
    const any = fc.tuple(fc.integer({ min: 0, max: 900 }), fc.integer({ min: 0, max: 900 })).map(([left, top]) => box(left, top));
    fc.assert(
      fc.property(any, fc.array(any, { maxLength: 20 }), (from, boxes) => {
        const right = nextBox(from, boxes, 'right');
        if (right !== null) expect(boxes[right]?.left).toBeGreaterThanOrEqual(from.right - 2);
        const up = nextBox(from, boxes, 'up');
        if (up !== null) expect(boxes[up]?.bottom).toBeLessThanOrEqual(from.top + 2);
      }),
    );
  });
});

describe('a name that is typed', () => {
  const NAMES = ['host-1', 'debian', 'ubuntu-1', 'ubuntu-2', 'ubuntu-10', '虚拟机', 'Windows'];
  const type = (letters: string, current: number, pauseMs = 0): string | null => {
    let typed = NOTHING_TYPED;
    let at = current;
    let now = 0;
    for (const letter of letters) {
      typed = addLetter(typed, letter, now);
      now += 100 + pauseMs;
      at = findTyped(NAMES, at, typed) ?? at;
    }
    return NAMES[at] ?? null;
  };

  it.each([
    ['d', 0, 'debian'],
    ['u', 0, 'ubuntu-1'],
    ['u', 2, 'ubuntu-2'],
    ['uu', 0, 'ubuntu-2'],
    ['uuuu', 0, 'ubuntu-1'],
    ['ubuntu-10', 0, 'ubuntu-10'],
    ['w', 6, 'Windows'],
    ['W', 0, 'Windows'],
    ['虚', 0, '虚拟机'],
    ['x', 3, 'ubuntu-2'],
    ['d', -1, 'debian'],
    ['h', -1, 'host-1'],
  ])('%s from %d', (letters, current, name) => {
    expect(type(letters, current)).toBe(name);
  });

  it('begins anew after a pause', () => {
    expect(type('ud', 0, 2_000)).toBe('debian');
    expect(type('ud', 0)).toBe('ubuntu-1');
  });

  it('of nobody finds nobody', () => {
    expect(findTyped([], -1, addLetter(NOTHING_TYPED, 'a', 0))).toBeNull();
  });
});
