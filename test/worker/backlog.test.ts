import { describe, expect, test } from 'vitest';
import { VIEWER_BUFFER_BYTES, VIEWER_STALL_MS } from '../../core/limits.ts';
import { emptyBacklog, growBacklog, observeBacklog } from '../../worker/backlog.ts';

describe('D4: a viewer’s backlog', () => {
  test('one that takes everything is never cut off', () => {
    let backlog = emptyBacklog(0);
    for (let now = 0; now < 10 * VIEWER_STALL_MS; now += VIEWER_STALL_MS - 1) {
      const observed = observeBacklog(backlog, 0, now);
      expect(observed.cutOff).toBe(false);
      backlog = growBacklog(observed.backlog, 1_000);
    }
  });

  test('one that takes nothing is cut off by time, and not before', () => {
    const backlog = growBacklog(emptyBacklog(0), 1_000);
    expect(observeBacklog(backlog, 1_000, VIEWER_STALL_MS).cutOff).toBe(false);
    expect(observeBacklog(backlog, 1_000, VIEWER_STALL_MS + 1).cutOff).toBe(true);
  });

  test('one that is slow but takes something stays', () => {
    let backlog = growBacklog(emptyBacklog(0), 10_000);
    for (let step = 1; step <= 9; step++) {
      const observed = observeBacklog(backlog, 10_000 - step * 1_000, step * VIEWER_STALL_MS);
      expect(observed.cutOff).toBe(false);
      backlog = observed.backlog;
    }
    expect(observeBacklog(backlog, 1_000, 11 * VIEWER_STALL_MS).cutOff).toBe(true);
  });

  test('one that falls too far behind is cut off by bytes', () => {
    const backlog = growBacklog(emptyBacklog(0), VIEWER_BUFFER_BYTES + 1);
    expect(observeBacklog(backlog, VIEWER_BUFFER_BYTES, 0).cutOff).toBe(false);
    expect(observeBacklog(backlog, VIEWER_BUFFER_BYTES + 1, 0).cutOff).toBe(true);
  });
});
