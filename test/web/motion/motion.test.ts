import { describe, expect, it } from 'vitest';
import { selectTravellers } from '../../../web/motion/motion.ts';

describe('motion', () => {
  it('shows at most twenty travelling, those between hosts first; all others jump', () => {
    const moves = Array.from({ length: 30 }, (_, index) => ({
      id: `a/${index}`,
      from: 'host-1',
      to: 'host-2',
      isToOtherHost: index >= 15,
    }));
    const { travel, jump } = selectTravellers(moves);
    expect(travel).toHaveLength(20);
    expect(travel.slice(0, 15).every((move) => move.isToOtherHost)).toBe(true);
    expect(new Set([...travel, ...jump])).toEqual(new Set(moves));
  });
});
