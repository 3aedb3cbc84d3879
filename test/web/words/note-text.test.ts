import { describe, expect, it } from 'vitest';
import type { LastMigration } from '../../../core/model.ts';
import type { Note } from '../../../web/board/notes.ts';
import { en } from '../../../web/words/en.ts';
import { enLate } from '../../../web/words/en-late.ts';
import { createFormats } from '../../../web/words/format.ts';
import { noteText, splitLongWords } from '../../../web/words/note-text.ts';
import { zhHans } from '../../../web/words/zh-hans.ts';
import { zhHansLate } from '../../../web/words/zh-hans-late.ts';

const english = { words: en, late: enLate, formats: createFormats('en') };
const chinese = { words: zhHans, late: zhHansLate, formats: createFormats('zh-Hans') };
const end = (extra: Partial<LastMigration> = {}): LastMigration => ({
  outcome: 'failed',
  cause: 'drain',
  from: 'host-1',
  to: 'host-2',
  endedAt: 1,
  ...extra,
});
const full = { reason: 'host-limit', host: 'host-1', used: 2, limit: 2 } as const;

/** Every kind of note, each in every way it can be put. */
const TABLE: { readonly [Kind in Note['kind']]: readonly (readonly [Omit<Extract<Note, { kind: Kind }>, 'kind'>, string, string])[] } = {
  loop: [
    [{ end: end({ tries: 5 }) }, 'fails again and again (5 tries in a row)', '反复失败（已连续 5 次）'],
    [{ end: end({ reason: 'evicted' }) }, 'fails again and again: evicted', '反复失败：evicted'],
  ],
  peer: [
    [{ peer: { direction: 'in', host: 'node-b' } }, '← another cluster (node-b)', '← 另一集群的主机 node-b'],
    [{ peer: { direction: 'out' } }, '→ another cluster', '→ 另一集群'],
  ],
  queued: [
    [{ to: undefined, wait: undefined }, 'queued to move', '等待迁移'],
    [
      { to: 'host-3', wait: full },
      'queued to move → host-3: 2 of 2 slots of host-1 taken',
      '等待迁移 → host-3：从 host-1 迁出的名额已用 2/2',
    ],
  ],
  wait: [[{ wait: { reason: 'same-host' } }, 'the target pod is on the source host', '目标 Pod 落在源主机上']],
  evacuation: [
    [
      { wait: { reason: 'host-limit', used: 2, limit: 2 } },
      'to leave: 2 of 2 slots of its host taken',
      '需迁出：从其主机迁出的名额已用 2/2',
    ],
    [{ wait: full }, 'to leave: 2 of 2 slots of host-1 taken', '需迁出：从 host-1 迁出的名额已用 2/2'],
  ],
  stuck: [
    [{ isAsked: true, wait: { reason: 'not-migratable' } }, 'to leave: cannot be migrated', '需迁出：无法热迁移'],
    [{ isAsked: false, wait: { reason: 'not-migratable', detail: 'USB' } }, 'cannot be migrated: USB', '无法热迁移：USB'],
  ],
  ended: [
    [{ end: end({ to: null }) }, 'move failed', '热迁移失败'],
    [
      { end: end({ outcome: 'aborted', tries: 2, reason: 'by hand' }) },
      'move to host-2 aborted: by hand (2 in a row without success)',
      '迁移到 host-2 已中止：by hand（已连续 2 次未成功）',
    ],
  ],
  'failed-earlier': [
    [{ tries: undefined }, 'last move failed', '上次迁移失败'],
    [{ tries: 2 }, 'last move failed (2 in a row without success)', '上次迁移失败（已连续 2 次未成功）'],
  ],
  'moved-away': [[{}, 'moved to another cluster', '已迁移到另一集群']],
  reason: [[{ reason: 'PausedIOError' }, 'PausedIOError', 'PausedIOError']],
};

describe('notes in words', () => {
  const rows = Object.entries(TABLE).flatMap(([kind, cells]) =>
    cells.map(([facts, inEnglish, inChinese]) => [inEnglish, { kind, ...facts } as Note, inChinese] as const),
  );
  it.each(rows)('%s', (inEnglish, note, inChinese) => {
    expect(noteText(note, english)).toBe(inEnglish);
    expect(noteText(note, chinese)).toBe(inChinese);
  });
});

it.each([
  ['cannot be migrated: HostDeviceNotLiveMigratable', ['cannot be migrated: Host', 'Device', 'Not', 'Live', 'Migratable']],
  ['KubeVirt waits', ['KubeVirt waits']],
  ['no-case-changes-in-this-long-word', ['no-case-changes-in-this-long-word']],
  ['', ['']],
])('a line may break in %j only where a long word has a new one', (text, parts) => {
  expect(splitLongWords(text)).toEqual(parts);
});
