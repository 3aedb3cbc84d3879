import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RESUME_BYTES, SEGMENT_BYTES } from '../../core/limits.ts';
import { canExtend, decideCatchUp, headCursor, parseSegment, type SegmentMeta, selectSegments } from '../../worker/room-log.ts';

const HEAD = { epoch: 'abc', revision: 9 };
const segment = (first: number, last: number, rest: Partial<SegmentMeta> = {}): SegmentMeta => ({
  first,
  last,
  lastAt: 0,
  bytes: 100,
  hole: false,
  ...rest,
});

describe('D1: what a viewer is due', () => {
  test.each([
    [null, { kind: 'snapshot' }],
    ['abc-9', { kind: 'heard' }],
    ['abc-8', { kind: 'frames', revision: 8 }],
    ['abc-1', { kind: 'frames', revision: 1 }],
    ['abc-0', { kind: 'snapshot' }],
    ['abc-10', { kind: 'snapshot' }],
    ['xyz-9', { kind: 'snapshot' }],
    ['', { kind: 'snapshot' }],
    ['abc-09', { kind: 'snapshot' }],
    ['abc-9 ', { kind: 'snapshot' }],
    ['abc-9007199254740993', { kind: 'snapshot' }],
  ])('cursor %j', (asked, expected) => {
    expect(decideCatchUp(asked, HEAD)).toEqual(expected);
  });

  test('a room without a commit has no cursor and only snapshots', () => {
    expect(headCursor({ epoch: 'abc', revision: 0 })).toBeNull();
    expect(decideCatchUp('abc-0', { epoch: 'abc', revision: 0 })).toEqual({ kind: 'snapshot' });
  });
});

describe('segments', () => {
  const log = [segment(1, 3), segment(4, 4), segment(5, 9)];

  test.each([
    [1, [1, 4, 5]],
    [3, [4, 5]],
    [4, [5]],
    [8, [5]],
  ])('after revision %i', (revision, expected) => {
    expect(selectSegments(log, revision, 9)).toEqual(expected);
  });

  test.each<[string, SegmentMeta[]]>([
    ['pruned away', [segment(4, 9)]],
    ['a hole in the way', [segment(1, 3), segment(4, 4, { hole: true }), segment(5, 9)]],
    ['one missing', [segment(1, 3), segment(5, 9)]],
    ['short of the head', [segment(1, 3)]],
    ['nothing', []],
    ['more than a viewer is resumed over', [segment(1, 9, { bytes: RESUME_BYTES + 1 })]],
  ])('%s: no part is given', (_name, segments) => {
    expect(selectSegments(segments, 2, 9)).toBeNull();
  });

  test('a hole that lies behind the viewer is none of its business', () => {
    expect(selectSegments([segment(1, 1, { hole: true }), segment(2, 9)], 1, 9)).toEqual([2]);
  });

  test('the lines of a segment carry consecutive revisions', () => {
    expect(parseSegment(5, '"a"\n"b"\n"c"', 5)).toEqual([
      { revision: 6, json: '"b"' },
      { revision: 7, json: '"c"' },
    ]);
  });

  test('a segment grows up to its size, and a hole never', () => {
    expect(canExtend(segment(1, 1, { bytes: 0 }), 100, SEGMENT_BYTES)).toBe(true);
    expect(canExtend(segment(1, 1, { bytes: SEGMENT_BYTES - 100 }), 100, SEGMENT_BYTES)).toBe(false);
    expect(canExtend(segment(1, 1, { hole: true }), 1, SEGMENT_BYTES)).toBe(false);
  });

  test('whatever was pruned, a viewer gets all that it missed or nothing', () => {
    const lengths = fc.array(fc.record({ length: fc.integer({ min: 1, max: 5 }), hole: fc.boolean() }), { minLength: 1, maxLength: 10 });
    fc.assert(
      fc.property(lengths, fc.nat(10), fc.nat(50), (shapes, pruned, asked) => {
        let next = 1;
        const all = shapes.map(({ length, hole }) => {
          const made = segment(next, next + (hole ? 0 : length - 1), { hole });
          next = made.last + 1;
          return made;
        });
        const kept = all.slice(pruned);
        const head = next - 1;
        const revision = asked % head;
        const firsts = selectSegments(kept, revision, head);
        const selected = kept.filter((one) => firsts?.includes(one.first));
        const revisions = selected.flatMap((one) =>
          parseSegment(one.first, Array.from({ length: one.last - one.first + 1 }, () => '0').join('\n'), revision),
        );
        const missed = Array.from({ length: head - revision }, (_, index) => revision + 1 + index);
        const available = missed.every((one) => kept.some((held) => !held.hole && held.first <= one && one <= held.last));
        expect(firsts === null ? null : revisions.map((one) => one.revision)).toEqual(available ? missed : null);
      }),
    );
  });
});
