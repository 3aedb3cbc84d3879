import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FIRST_PACE, firstRoom, nextPace, selectSlice, WHOLE } from '../../../web/rendering/slices.ts';

const CARDS = [10, 0, 25];

describe('a slice of a long picture', () => {
  it.each([
    ['no room', 0, { count: 0, rest: 35 }],
    ['room for a head alone, which is not drawn without a line', 3, { count: 0, rest: 35 }],
    ['room for a head and a line', 4, { count: 1, limit: 1, rest: 25 }],
    ['room for all but one line', 12, { count: 1, limit: 9, rest: 25 }],
    ['room for the first', 13, { count: 1, rest: 25 }],
    ['room for the second, which has no line', 16, { count: 2, rest: 25 }],
    ['room for a part of the last', 24, { count: 3, limit: 5, rest: 0 }],
    ['room for all', 44, WHOLE],
    ['room for more', 1_000, WHOLE],
  ])('%s', (_, room, expected) => {
    expect(selectSlice(CARDS, room)).toEqual(expected);
  });

  it('what is drawn and what is still to come are all there is, and more room never takes a line away', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(60)), fc.nat(500), fc.nat(500), (lines, room, more) => {
        const drawnIn = (given: number): number[] => {
          const { count, limit } = selectSlice(lines, given);
          return lines.map((own, index) => (index >= count ? 0 : index === count - 1 ? (limit ?? own) : own));
        };
        const { count, limit = 0, rest } = selectSlice(lines, room);
        const cut = Number.isFinite(count) && count > 0 && limit > 0 ? (lines[count - 1] ?? 0) - limit : 0;
        const total = lines.reduce((sum, own) => sum + own, 0);
        expect(drawnIn(room).reduce((sum, own) => sum + own, 0) + cut + (rest ?? 0)).toBe(total);
        const wider = drawnIn(room + more);
        expect(drawnIn(room).every((own, index) => own <= (wider[index] ?? 0))).toBe(true);
      }),
    );
  });

  it('a short picture is drawn at once, a long one begins with the next frame', () => {
    expect(firstRoom([100, 100])).toBe(Number.POSITIVE_INFINITY);
    expect(firstRoom(Array.from({ length: 20 }, () => 10))).toBe(Number.POSITIVE_INFINITY);
    expect(firstRoom([400])).toBe(0);
    expect(firstRoom(Array.from({ length: 200 }, () => 0))).toBe(0);
  });

  it.each([
    ['fast', FIRST_PACE, 2, 120],
    ['as fast as wanted', 200, 12, 200],
    ['slow', 300, 24, 150],
    ['much too slow', 150, 500, 100],
    ['too fast to be measured', 300, 0, 400],
  ])('the next one after one that was %s', (_, lines, tookMs, expected) => {
    expect(nextPace(lines, tookMs)).toBe(expected);
  });
});
