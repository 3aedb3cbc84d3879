import { describe, expect, it } from 'vitest';
import { type Box, isTouching, isTrailIn, placeLabels, routeTrail, type TrailEnds } from '../../../web/motion/trail-geometry.ts';

const GUTTER = 28;
const GUTTERS = { column: GUTTER, row: GUTTER };
const CARD = { width: 400, height: 300 };

/** A card in the grid, and the box of a chip in its dock: arriving on the left, leaving on the right. */
const cardAt = (column: number, row: number): Box => {
  const left = GUTTER + column * (CARD.width + GUTTER);
  const top = GUTTER + row * (CARD.height + GUTTER);
  return { left, top, right: left + CARD.width, bottom: top + CARD.height };
};
const ends = (from: readonly [number, number], to: readonly [number, number]): TrailEnds => {
  const [fromCard, toCard] = [cardAt(...from), cardAt(...to)];
  return {
    fromCard,
    toCard,
    from: { left: fromCard.left + 205, right: fromCard.right - 10, top: fromCard.top + 70, bottom: fromCard.top + 130 },
    to: { left: toCard.left + 10, right: toCard.left + 195, top: toCard.top + 70, bottom: toCard.top + 130 },
  };
};

/** Corners of the path in order, without its arrow head. */
function cornersOf(path: string): [number, number][] {
  const line = path.slice(0, path.lastIndexOf('M'));
  return [...line.matchAll(/[MLQ ](-?[\d.]+) (-?[\d.]+)/g)].map(([, x, y]) => [Number(x), Number(y)]);
}

const CARDS = [0, 1, 2].flatMap((column) => [0, 1].map((row) => [column, row] as const));
const PAIRS = CARDS.flatMap((from) => CARDS.filter((to) => to !== from).map((to) => [from, to] as const));

describe('a trail', () => {
  it.each(PAIRS)('from card %j to card %j starts and ends at its chips and crosses no card', (from, to) => {
    const trail = ends(from, to);
    const corners = cornersOf(routeTrail(trail, GUTTERS, 2).path);
    expect(corners[0]).toEqual([trail.from.right, (trail.from.top + trail.from.bottom) / 2]);
    expect(corners.at(-1)).toEqual([trail.to.left, (trail.to.top + trail.to.bottom) / 2]);
    const inner = corners.filter(([x]) => x > trail.from.right + GUTTER / 2 || x < trail.from.right).slice(0, -1);
    for (const [x, y] of inner) {
      const hit = CARDS.map((card) => cardAt(...card)).find(
        (box) => x > box.left + 10 && x < box.right - 10 && y > box.top && y < box.bottom,
      );
      expect(hit, `${x} ${y}`).toBeUndefined();
    }
  });

  it('to the next card runs through the one gutter between, and has no room for words', () => {
    const { path, stretch } = routeTrail(ends([0, 0], [1, 0]), GUTTERS, 2);
    expect(stretch).toBeNull();
    const xs = cornersOf(path).map(([x]) => x);
    expect(Math.max(...xs)).toBeLessThan(cardAt(1, 0).left + 11);
  });

  it('is told apart from others by its track', () => {
    const tracks = new Set([0, 1, 2, 3, 4].map((track) => routeTrail(ends([0, 0], [2, 0]), GUTTERS, track).path));
    expect(tracks.size).toBe(5);
  });
});

describe('labels', () => {
  const shape = (left: number, right: number, y: number) => ({ path: '', stretch: { left, right, y } });

  it('do not lie on each other', () => {
    const labels = placeLabels([shape(0, 1_200, 10), shape(400, 800, 14), shape(0, 1_200, 12)], 1);
    const xs = labels.flatMap((label) => (label === null ? [] : [label.x])).sort((a, b) => a - b);
    expect(xs).toHaveLength(3);
    xs.forEach((x, index) => {
      expect(x - (xs[index - 1] ?? Number.NEGATIVE_INFINITY)).toBeGreaterThanOrEqual(260);
    });
  });

  it('are left out where there is no room', () => {
    expect(placeLabels([shape(0, 200, 10), { path: '', stretch: null }], 1)).toEqual([null, null]);
    expect(placeLabels([shape(0, 300, 10), shape(0, 300, 12)], 1).filter((label) => label !== null)).toHaveLength(1);
  });
});

describe('on a wall', () => {
  const shape = (left: number, right: number, y: number) => ({ path: '', stretch: { left, right, y } });

  it('labels of larger type take more room', () => {
    expect(placeLabels([shape(0, 300, 10)], 1.5)).toEqual([null]);
    const labels = placeLabels([shape(0, 1_200, 10), shape(0, 1_200, 30)], 2).flatMap((label) => (label === null ? [] : [label.x]));
    expect(Math.abs((labels[0] ?? 0) - (labels[1] ?? 0))).toBeGreaterThanOrEqual(520);
  });

  it('a trail runs in the middle of its row gutter, however narrow the columns are', () => {
    const { stretch } = routeTrail(ends([0, 0], [2, 0]), { column: 12, row: GUTTER }, 2);
    expect(stretch?.y).toBe(cardAt(0, 0).top - GUTTER / 2);
  });
});

describe('what is in sight', () => {
  const view: Box = { left: 0, top: 500, right: 1_300, bottom: 1_300 };

  it.each([
    ['inside', { left: 10, top: 600, right: 20, bottom: 610 }, true],
    ['half of it', { left: 10, top: 400, right: 20, bottom: 501 }, true],
    ['around it', { left: -10, top: 0, right: 2_000, bottom: 2_000 }, true],
    ['above', { left: 10, top: 0, right: 20, bottom: 499 }, false],
    ['beside', { left: 1_301, top: 600, right: 1_400, bottom: 610 }, false],
  ])('a box that is %s', (_, box, expected) => {
    expect(isTouching(box, view)).toBe(expected);
  });

  it.each([
    ['from above to below, past the reader', [0, 0], [2, 9], true],
    ['above', [0, 0], [2, 0], false],
    ['below', [0, 7], [2, 9], false],
    ['within', [0, 2], [1, 2], true],
  ] as const)('a trail that runs %s', (_, from, to, expected) => {
    expect(isTrailIn(ends(from, to), GUTTERS, view)).toBe(expected);
  });

  it('every point of a trail is near its cards', () => {
    for (const [from, to] of PAIRS) {
      const trail = ends(from, to);
      for (const [x, y] of cornersOf(routeTrail(trail, GUTTERS, 2).path)) {
        expect(isTrailIn(trail, GUTTERS, { left: x, top: y, right: x, bottom: y }), `${from} ${to}: ${x} ${y}`).toBe(true);
      }
    }
  });
});
