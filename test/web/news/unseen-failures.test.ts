import { describe, expect, it } from 'vitest';
import type { LastMigration } from '../../../core/model.ts';
import type { Happening } from '../../../web/news/happenings.ts';
import { NONE_UNSEEN, nextUnseen, UNSEEN_FOR_MS, type UnseenEvent } from '../../../web/news/unseen-failures.ts';

const failed = (name: string): Happening => ({ kind: 'failed', vm: name, name, from: 'host-1', to: 'host-2', isLoop: false });
const ended = (outcome: LastMigration['outcome']): { lastMigration: LastMigration } => ({
  lastMigration: { outcome, cause: 'user', from: 'host-1', to: 'host-2', endedAt: 1 },
});
const event = (happenings: readonly Happening[], extra: Partial<UnseenEvent> = {}): UnseenEvent => ({
  happenings,
  isLookedAt: false,
  vmOf: () => ended('failed'),
  ...extra,
});

describe('failures that nobody has seen', () => {
  const two = nextUnseen(nextUnseen(NONE_UNSEEN, event([failed('a')]), 0), event([failed('a'), failed('b')]), 1_000);

  it('are counted by VM', () => {
    expect([...two.keys()]).toEqual(['a', 'b']);
  });

  it('are none where somebody looks', () => {
    expect(nextUnseen(NONE_UNSEEN, event([failed('a')], { isLookedAt: true }), 0)).toBe(NONE_UNSEEN);
    expect(nextUnseen(two, event([], { isLookedAt: true }), 2_000).size).toBe(0);
  });

  it('are forgotten where the VM has moved since or is gone, and after an hour', () => {
    const vmOf = (id: string) => (id === 'a' ? ended('succeeded') : ended('failed'));
    expect([...nextUnseen(two, event([], { vmOf }), 2_000).keys()]).toEqual(['b']);
    expect(nextUnseen(two, event([], { vmOf: () => undefined }), 2_000).size).toBe(0);
    expect(nextUnseen(two, event([]), 1_000 + UNSEEN_FOR_MS - 1).size).toBe(2);
    expect(nextUnseen(two, event([]), 1_000 + UNSEEN_FOR_MS).size).toBe(0);
  });

  it('are the same where nothing changes', () => {
    expect(nextUnseen(two, event([{ ...failed('c'), kind: 'moved' } as Happening]), 2_000)).toBe(two);
  });
});
