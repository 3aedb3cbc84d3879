import { describe, expect, it } from 'vitest';
import { newsOf } from '../../../web/history/past-news.ts';
import { nextPlay } from '../../../web/history/past-play.ts';
import {
  appendPage,
  cursorOf,
  MAX_HELD_FRAMES_COUNT,
  momentOf,
  openWindow,
  stateAt,
  stepForward,
} from '../../../web/history/past-window.ts';
import { createPastLog, loggedVm } from '../../support/past-log.ts';

async function framesOf(log: ReturnType<typeof createPastLog>, from: string) {
  const page = await log.frames(from, 1_000);
  if (!page.ok) throw new Error(page.error.kind);
  return page.value;
}

describe('a window', () => {
  it('does not take frames of another place', async () => {
    const log = createPastLog([1, 2, 3, 4].map((at) => ({ at, vms: [loggedVm('ubuntu', `host-${at}`)] })));
    const snapshot = await log.snapshot(1);
    if (!snapshot.ok) throw new Error('no snapshot');
    const window = appendPage(openWindow(snapshot.value), await framesOf(log, 'e-2'));
    expect(window.frames).toEqual([]);
    expect(stepForward(window)).toEqual({ kind: 'page' });
  });

  it('lets go of what lies far behind, and stays where it is', async () => {
    const log = createPastLog(
      Array.from({ length: MAX_HELD_FRAMES_COUNT + 50 }, (_, at) => ({ at: at + 1, vms: [loggedVm('ubuntu', `host-${at}`)] })),
    );
    const snapshot = await log.snapshot(1);
    if (!snapshot.ok) throw new Error('no snapshot');
    const all = (await framesOf(log, 'e-1')).frames;
    const before = { ...openWindow(snapshot.value, all.slice(0, MAX_HELD_FRAMES_COUNT - 10)), index: MAX_HELD_FRAMES_COUNT - 10 };
    const after = appendPage(before, { frames: all.slice(MAX_HELD_FRAMES_COUNT - 10) });
    expect(after.index).toBe(0);
    expect(cursorOf(after)).toBe(cursorOf(before));
    expect(momentOf(after)).toEqual(momentOf(before));
    expect(stateAt(after)).toEqual(stateAt(before));
    const next = stepForward(after);
    expect(next.kind === 'there' && cursorOf(next.window)).toBe(all[MAX_HELD_FRAMES_COUNT - 10]?.to);
  });
});

describe('the news of a step', () => {
  it('what moved comes first, and what a frame only touched last', async () => {
    const [ubuntu, debian, suse] = ['ubuntu', 'debian', 'suse'].map((name) => loggedVm(name, 'host-1'));
    if (ubuntu === undefined || debian === undefined || suse === undefined) throw new Error('three VMs');
    const end = { outcome: 'failed', cause: 'user', from: 'host-1', to: 'host-2', endedAt: 2 } as const;
    const log = createPastLog([
      { at: 1, vms: [ubuntu, debian, suse] },
      {
        at: 2,
        vms: [
          { ...suse, memory: 1 },
          loggedVm('windows', 'host-1'),
          { ...debian, lastMigration: end },
          loggedVm('ubuntu', 'host-2', { displayName: 'Ubuntu' }),
        ],
      },
    ]);
    const snapshot = await log.snapshot(1);
    if (!snapshot.ok) throw new Error('no snapshot');
    const window = { ...openWindow(snapshot.value, (await framesOf(log, 'e-1')).frames), index: 1 };
    expect(newsOf(window)).toEqual([
      { kind: 'moved', name: 'Ubuntu', from: 'host-1', to: 'host-2' },
      { kind: 'ended', name: 'debian', outcome: 'failed' },
      { kind: 'came', name: 'windows' },
      { kind: 'changed', name: 'suse' },
    ]);
    expect(newsOf({ ...window, index: 0 })).toEqual([]);
  });
});

describe('the film', () => {
  const at = (...times: readonly number[]) => times.map((time) => ({ at: time }));
  it.each([
    ['as it was', 0, at(1_000, 9_000), 1, { waitMs: 1_000, count: 1 }],
    ['faster', 0, at(10_000, 90_000), 10, { waitMs: 1_000, count: 1 }],
    ['a quiet night is cut short', 0, at(30_000_000), 1, { waitMs: 1_500, count: 1 }],
    ['what nobody could tell apart is one commit', 0, at(10, 20, 30, 500), 1, { waitMs: 100, count: 3 }],
    ['more of it at a higher speed', 0, at(10, 600, 5_000, 9_000), 60, { waitMs: 100, count: 3 }],
    ['nothing held', 0, at(), 1, { waitMs: 0, count: 1 }],
  ] as const)('%s', (_, from, frames, rate, expected) => expect(nextPlay(from, frames, rate)).toEqual(expected));
});
