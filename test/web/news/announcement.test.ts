import { expect, test } from 'vitest';
import { NOTHING_ANNOUNCED, nextAnnouncement } from '../../../web/news/announcement.ts';
import type { Happening } from '../../../web/news/happenings.ts';

const moved: Happening = { kind: 'moved', vm: 'default/ubuntu', name: 'ubuntu', from: 'host-1', to: 'host-2' };

test('what happened is said once, then taken back, then nothing is said; the same again is an announcement of its own', () => {
  const first = nextAnnouncement(NOTHING_ANNOUNCED, [moved]);
  expect(first).toEqual({ serial: 1, happenings: [moved] });
  const again = nextAnnouncement(first, [moved]);
  expect(again).toEqual({ serial: 2, happenings: [moved] });
  const silent = nextAnnouncement(again, []);
  expect(silent).toEqual({ serial: 3, happenings: [] });
  expect(nextAnnouncement(silent, [])).toBe(silent);
});
