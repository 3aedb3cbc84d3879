import { describe, expect, it } from 'vitest';
import type { Frame, Snapshot } from '../../../core/downlink.ts';
import type { Vm } from '../../../core/model.ts';
import { type Changes, createFrameBuffer } from '../../../web/rendering/frame.ts';

const vm = (name: string, host: string): Vm => ({
  id: `default/${name}`,
  namespace: 'default',
  name,
  host,
  state: 'running',
  migratable: { ok: true },
});
const snapshot = (cursor: string, vms: readonly Vm[]): Snapshot => ({
  cluster: 'lab',
  cursor,
  now: 0,
  lastHeard: 0,
  digest: '',
  hosts: [],
  vms,
});
const frame = (from: string, to: string, change: Partial<Frame>): Frame => ({ from, to, at: 0, digest: '', ...change });

function start() {
  const commits: { cursor: string | null; isReplaced: boolean; vms: string[] }[] = [];
  const due: (() => void)[] = [];
  const buffer = createFrameBuffer(
    (run) => {
      due.push(run);
      return () => void due.splice(due.indexOf(run), 1);
    },
    ({ state, isReplaced, vms }: Changes) => commits.push({ cursor: state.cursor, isReplaced, vms: [...vms].sort() }),
  );
  return { buffer, commits, due, paint: () => due.shift()?.() };
}

describe('the frame buffer', () => {
  it('makes one commit of all that came between two paints', () => {
    const page = start();
    page.buffer.putSnapshot(snapshot('e-1', [vm('a', 'h1'), vm('b', 'h1')]));
    page.paint();
    page.buffer.putFrame(frame('e-1', 'e-2', { vms: [vm('a', 'h2')] }));
    page.buffer.putFrame(frame('e-2', 'e-3', { vms: [vm('c', 'h1')], goneVms: ['default/b'] }));
    expect(page.due).toHaveLength(1);
    page.paint();
    expect(page.commits).toEqual([
      { cursor: 'e-1', isReplaced: true, vms: [] },
      { cursor: 'e-3', isReplaced: false, vms: ['default/a', 'default/b', 'default/c'] },
    ]);
  });

  it('paints the whole of what it holds when it is asked to, with what came meanwhile', () => {
    const page = start();
    page.buffer.putSnapshot(snapshot('e-1', [vm('a', 'h1')]));
    page.paint();
    page.buffer.putFrame(frame('e-1', 'e-2', { vms: [vm('b', 'h1')] }));
    page.buffer.repaint();
    expect(page.due).toHaveLength(1);
    page.paint();
    expect(page.commits[1]).toMatchObject({ cursor: 'e-2', isReplaced: true });
  });

  it('paints nothing while something else stands painted, and then the whole at once', () => {
    const page = start();
    page.buffer.putSnapshot(snapshot('e-1', [vm('a', 'h1')]));
    page.paint();
    page.buffer.putFrame(frame('e-1', 'e-2', { vms: [vm('a', 'h2')] }));
    page.buffer.hold();
    page.paint();
    page.buffer.putFrame(frame('e-2', 'e-3', { vms: [vm('b', 'h1')] }));
    page.buffer.putSnapshot(snapshot('e-4', [vm('a', 'h1'), vm('b', 'h2')]));
    page.paint();
    expect(page.commits).toHaveLength(1);
    page.buffer.repaint();
    page.paint();
    expect(page.commits.slice(1)).toMatchObject([{ cursor: 'e-4', isReplaced: true }]);
    page.buffer.putFrame(frame('e-4', 'e-5', { vms: [vm('a', 'h2')] }));
    page.paint();
    expect(page.commits[2]).toEqual({ cursor: 'e-5', isReplaced: false, vms: ['default/a'] });
  });

  it('has nothing to go back to before the first snapshot, and paints that as soon as it has come', () => {
    const page = start();
    page.buffer.hold();
    page.buffer.repaint();
    page.paint();
    expect(page.commits).toEqual([]);
    page.buffer.putSnapshot(snapshot('e-1', [vm('a', 'h1')]));
    page.paint();
    expect(page.commits).toEqual([{ cursor: 'e-1', isReplaced: true, vms: [] }]);
  });

  it('refuses a frame that does not follow, and keeps what it has (D2)', () => {
    const page = start();
    expect(page.buffer.putFrame(frame('e-0', 'e-1', {})).ok).toBe(false);
    page.buffer.putSnapshot(snapshot('e-1', []));
    expect(page.buffer.putFrame(frame('e-2', 'e-3', { vms: [vm('a', 'h1')] })).ok).toBe(false);
    page.paint();
    expect(page.commits).toEqual([{ cursor: 'e-1', isReplaced: true, vms: [] }]);
  });

  it('what a commit that failed was to paint is painted with the next one, which is whole and due at once', () => {
    const due: (() => void)[] = [];
    const commits: Changes[] = [];
    const buffer = createFrameBuffer(
      (run) => {
        due.push(run);
        return () => {};
      },
      (changes) => {
        commits.push(changes);
        if (commits.length === 2) throw new Error('a follower fails');
      },
    );
    buffer.putSnapshot(snapshot('e-1', [vm('a', 'h1')]));
    due.shift()?.();
    buffer.putFrame(frame('e-1', 'e-2', { vms: [vm('a', 'h2')] }));
    expect(() => due.shift()?.()).toThrow('a follower fails');
    expect(due).toHaveLength(1);
    for (const [from, to] of [
      ['e-2', 'e-3'],
      ['e-3', 'e-4'],
    ] as const) {
      buffer.putFrame(frame(from, to, { vms: [vm('b', to)] }));
      due.shift()?.();
    }
    expect(commits.map(({ isReplaced }) => isReplaced)).toEqual([true, false, true, false]);
  });

  it('where the whole cannot be painted either, that waits for what comes', () => {
    const due: (() => void)[] = [];
    let commits = 0;
    const buffer = createFrameBuffer(
      (run) => {
        due.push(run);
        return () => {};
      },
      () => {
        commits += 1;
        throw new Error('nothing can be painted');
      },
    );
    buffer.putSnapshot(snapshot('e-1', [vm('a', 'h1')]));
    expect(() => due.shift()?.()).toThrow('nothing can be painted');
    expect(due).toEqual([]);
    buffer.putFrame(frame('e-1', 'e-2', { vms: [vm('a', 'h2')] }));
    expect(() => due.shift()?.()).toThrow('nothing can be painted');
    expect([due, commits]).toEqual([[], 2]);
  });

  it('closed, it paints no more', () => {
    const page = start();
    page.buffer.putSnapshot(snapshot('e-1', []));
    page.buffer.close();
    expect(page.due).toHaveLength(0);
    expect(page.buffer.cursor()).toBeNull();
  });
});
