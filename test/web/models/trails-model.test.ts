import { describe, expect, it } from 'vitest';
import { selectTrails, type Trail } from '../../../web/models/trails-model.ts';

const trail = (id: string, path = 'M0 0', x = 0): Trail => ({ id, path, label: { x, y: 0 } });
const drawnOf = (...trails: readonly Trail[]): ReadonlyMap<string, Trail> => new Map(trails.map((drawn) => [drawn.id, drawn]));

describe('the trails that are drawn next', () => {
  it('are those that are drawn, and so many new ones, until all are there', () => {
    const measured = ['a', 'b', 'c', 'd', 'e'].map((id) => trail(id));
    const first = selectTrails(measured, drawnOf(trail('d')), 2);
    expect(first.next.map(({ id }) => id)).toEqual(['a', 'b', 'd']);
    expect(first.isWhole).toBe(false);
    const second = selectTrails(measured, drawnOf(...first.next), 2);
    expect(second.next.map(({ id }) => id)).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(second.isWhole).toBe(true);
  });

  it('stay the same objects while nothing of them has changed', () => {
    const [a, b, c] = [trail('a'), trail('b'), trail('c')];
    const { next } = selectTrails([trail('a'), trail('b', 'M1 1'), trail('c', 'M0 0', 5)], drawnOf(a, b, c), 9);
    expect(next[0]).toBe(a);
    expect(next[1]).toEqual(trail('b', 'M1 1'));
    expect(next[2]?.label?.x).toBe(5);
  });

  it('are without those that have ended', () => {
    expect(selectTrails([trail('b')], drawnOf(trail('a'), trail('b')), 9)).toEqual({ next: [trail('b')], isWhole: true });
  });
});
