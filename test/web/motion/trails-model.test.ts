import { describe, expect, it } from 'vitest';
import { keepSame, routeNext, type Trail } from '../../../web/motion/trails-model.ts';

const IDS = Array.from({ length: 100 }, (_, index) => `a/${index}`);
const shape = { path: 'M0 0', stretch: null };
const idsOf = ({ shapes }: ReturnType<typeof routeNext>): string[] => shapes.map(({ id }) => id);

describe('the trails that are drawn next', () => {
  it('are those that are drawn, and forty new ones, until all are there', () => {
    const drawn = new Set(['a/99']);
    const first = routeNext(IDS, drawn, () => shape);
    expect(idsOf(first)).toEqual([...IDS.slice(0, 40), 'a/99']);
    const second = routeNext(IDS, new Set(idsOf(first)), () => shape);
    expect(idsOf(second)).toEqual([...IDS.slice(0, 80), 'a/99']);
    expect([first.isWhole, second.isWhole]).toEqual([false, false]);
    const third = routeNext(IDS, new Set(idsOf(second)), () => shape);
    expect(third.isWhole).toBe(true);
    expect(idsOf(third)).toEqual(IDS);
  });

  it('are without those that have ended, and those of which nothing is to be seen, which count as none', () => {
    const routed: number[] = [];
    const next = routeNext(IDS, new Set(['a/1', 'gone']), (id, track) => {
      routed.push(track);
      return id.length === 3 ? shape : null;
    });
    expect(idsOf(next)).toEqual(IDS.slice(0, 10));
    expect(next.isWhole).toBe(true);
    expect(routed).toEqual(IDS.map((_, index) => index));
  });
});

describe('a trail', () => {
  const trail = (path: string, x: number | null): Trail => ({ id: 'a', path, label: x === null ? null : { x, y: 0 } });
  const known = trail('M0 0', 5);

  it.each([
    ['as it was', trail('M0 0', 5), true],
    ['another way', trail('M1 1', 5), false],
    ['with its words elsewhere', trail('M0 0', 6), false],
    ['without words', trail('M0 0', null), false],
  ])('that is %s', (_, next, isSame) => {
    expect(keepSame(known, next) === known).toBe(isSame);
    expect(keepSame(known, next)).toEqual(next);
  });
});
