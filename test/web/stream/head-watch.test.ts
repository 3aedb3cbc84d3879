import { describe, expect, it } from 'vitest';
import { checkHead, isAhead } from '../../../web/stream/head-watch.ts';

describe('the head', () => {
  it.each([
    ['e-2', 'e-1', true],
    ['e-1', 'e-1', false],
    ['e-1', 'e-2', false],
    ['f-1', 'e-9', true],
    ['e-0', null, true],
    [null, 'e-1', false],
    [null, null, false],
    ['nonsense', 'e-1', false],
  ] as const)('%s seen from %s is ahead: %s', (head, own, expected) => {
    expect(isAhead(head, own)).toBe(expected);
  });

  it('gives a frame one pulse to arrive in', () => {
    const first = checkHead(null, 'e-1', 'e-2');
    expect(first).toEqual({ awaited: 'e-2', isLost: false });
    expect(checkHead(first.awaited, 'e-2', 'e-3')).toEqual({ awaited: 'e-2', isLost: false });
    expect(checkHead(first.awaited, 'e-1', 'e-3').isLost).toBe(true);
  });

  it('forgets when it has caught up', () => {
    expect(checkHead('e-2', 'e-2', 'e-2')).toEqual({ awaited: null, isLost: false });
  });
});
