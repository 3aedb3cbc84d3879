import { expect, test } from 'vitest';
import { NOTHING_ANNOUNCED, NOTHING_HAPPENED, nextAnnouncement } from '../../web/announcement.ts';

const moved = { moved: 1, started: 0, ended: 0 };

test('what happened is said once, then taken back, then nothing is said; the same again is an announcement of its own', () => {
  const first = nextAnnouncement(NOTHING_ANNOUNCED, moved);
  expect(first).toEqual({ serial: 1, happenings: moved });
  const again = nextAnnouncement(first, moved);
  expect(again).toEqual({ serial: 2, happenings: moved });
  const silent = nextAnnouncement(again, NOTHING_HAPPENED);
  expect(silent).toEqual({ serial: 3, happenings: NOTHING_HAPPENED });
  expect(nextAnnouncement(silent, NOTHING_HAPPENED)).toBe(silent);
});
