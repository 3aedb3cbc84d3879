import { describe, expect, it } from 'vitest';
import { PURSUIT, type Pursuit, pursue } from '../../../web/board/pursuit.ts';

/** After how many frames it ends; the last place is that of all frames that follow. */
function framesOf(tops: readonly (number | null)[], drawingFrames = 0): number {
  let pursuit: Pursuit | null = PURSUIT;
  for (let frame = 0; frame < 1_000; frame++) {
    if (pursuit === null) return frame;
    pursuit = pursue(pursuit, tops[Math.min(frame, tops.length - 1)] ?? null, frame < drawingFrames);
  }
  return Number.POSITIVE_INFINITY;
}

describe('what is brought into view', () => {
  it('has arrived once it stays where it is', () => {
    expect(framesOf([300])).toBe(4);
    expect(framesOf([300, 300, 900, 700])).toBe(7);
  });
  it('is waited for while it is not laid out, and while something is still to be drawn', () => {
    expect(framesOf([null, null, null, 300])).toBe(7);
    expect(framesOf([300], 200)).toBe(203);
  });
  it('is given up where it never is, or moves with every frame', () => {
    expect(framesOf([null])).toBe(120);
    expect(framesOf(Array.from({ length: 1_000 }, (_, index) => index))).toBe(120);
    expect(framesOf([null], 10)).toBe(130);
  });
});
