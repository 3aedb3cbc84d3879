import { describe, expect, it } from 'vitest';
import type { Happening } from '../../../web/news/happenings.ts';
import {
  NOTHING_NOTIFIED,
  NOTIFY_INTERVAL_MS,
  type NotificationFacts,
  type NotificationState,
  type Notifier,
  nextNotifications,
  notificationStateOf,
  untilDue,
} from '../../../web/news/notifications.ts';

const way = (name: string) => ({ vm: `default/${name}`, name, from: 'host-1', to: 'host-2' });
const failed = (name: string): Happening => ({ ...way(name), kind: 'failed', isLoop: false });
const down = (host: string, isPlanned = false): Happening => ({ kind: 'down', host, name: host, state: 'in-progress', isPlanned });
const drain = (kind: 'drained' | 'unsafe' | 'maintained', host: string): Happening => ({ kind, host, name: host });

interface Step {
  readonly at: number;
  readonly happenings?: readonly Happening[];
  readonly isLookedAt?: boolean;
  readonly holds?: (happening: Happening) => boolean;
}

/** `at kind: names` of all that was notified. */
function play(steps: readonly Step[]): { told: string[]; notifier: Notifier } {
  let notifier = NOTHING_NOTIFIED;
  const told = steps.flatMap(({ at, happenings = [], isLookedAt = false, holds = () => true }) => {
    const next = nextNotifications(notifier, { happenings, isLookedAt, holds }, at);
    notifier = next.notifier;
    return next.due.map(({ kind, happenings: of }) => `${at} ${kind}: ${of.map(({ name, kind: what }) => `${name} ${what}`)}`);
  });
  return { told, notifier };
}

describe('desktop notifications', () => {
  it.each([
    ['while nobody looks, and the next one has to wait', false],
    ['while the reader looks, who is told nothing', true],
  ])('are taken back once they do not hold any more: %s', (_, isLookedAt) => {
    const safe = drain('drained', 'host-2');
    const told = nextNotifications(NOTHING_NOTIFIED, { happenings: [safe, failed('a')], isLookedAt: false, holds: () => true }, 0);
    expect([told.due.length, told.withdrawn]).toEqual([2, []]);
    const holds = ({ kind }: Happening): boolean => kind !== 'drained';
    const next = nextNotifications(told.notifier, { happenings: [drain('unsafe', 'host-2')], isLookedAt, holds }, 1_000);
    expect([next.due, next.withdrawn]).toEqual([[], ['drain']]);
    expect(nextNotifications(next.notifier, { happenings: [], isLookedAt, holds }, 2_000).withdrawn, 'once').toEqual([]);
  });

  it('tell at once, and then at most once in 30 s of each kind, of all that came', () => {
    const { told } = play([
      { at: 0, happenings: [failed('a'), down('host-1')] },
      { at: 1_000, happenings: [failed('b')] },
      { at: 2_000, happenings: [failed('c'), drain('drained', 'host-2')] },
      { at: NOTIFY_INTERVAL_MS - 1 },
      { at: NOTIFY_INTERVAL_MS },
      { at: 2 * NOTIFY_INTERVAL_MS, happenings: [failed('d')] },
    ]);
    expect(told).toEqual([
      '0 failed: a failed',
      '0 down: host-1 down',
      '2000 drain: host-2 drained',
      '30000 failed: b failed,c failed',
      '60000 failed: d failed',
    ]);
  });

  it('are only of what somebody asked for', () => {
    const others: Happening[] = [
      { ...way('a'), kind: 'moved' },
      { ...way('a'), kind: 'aborted' },
      { ...way('a'), kind: 'started' },
      { kind: 'up', host: 'host-1', name: 'host-1' },
      { ...way('a'), host: null, kind: 'danger', danger: 'error' },
      down('host-2', true),
    ];
    expect(play([{ at: 0, happenings: others }]).told).toEqual([]);
  });

  it('are none while somebody looks, nor later of what was seen', () => {
    const { told, notifier } = play([
      { at: 0, happenings: [failed('a')] },
      { at: 1_000, happenings: [failed('b')] },
      { at: 2_000, isLookedAt: true },
      { at: 3_000, happenings: [failed('c')], isLookedAt: true },
      { at: NOTIFY_INTERVAL_MS },
    ]);
    expect(told).toEqual(['0 failed: a failed']);
    expect(untilDue(notifier, NOTIFY_INTERVAL_MS)).toBeNull();
  });

  it('tell nothing that does not hold any more, and take a drain back by one of the same kind', () => {
    const { told } = play([
      { at: 0, happenings: [drain('drained', 'host-1')] },
      { at: 1_000, happenings: [drain('drained', 'host-2')] },
      { at: 2_000, happenings: [drain('unsafe', 'host-1')] },
      { at: NOTIFY_INTERVAL_MS, holds: (happening) => !('host' in happening) || happening.host !== 'host-2' },
    ]);
    expect(told).toEqual(['0 drain: host-1 drained', '30000 drain: host-1 unsafe']);
  });

  it('say when they are due', () => {
    const { notifier } = play([
      { at: 0, happenings: [failed('a')] },
      { at: 10_000, happenings: [failed('b')] },
    ]);
    expect(untilDue(NOTHING_NOTIFIED, 0)).toBeNull();
    expect(untilDue(notifier, 10_000)).toBe(20_000);
    expect(untilDue(notifier, 90_000)).toBe(0);
  });

  it.each<[NotificationFacts, NotificationState]>([
    [{ isWanted: true, permission: 'granted', isSecure: true }, 'on'],
    [{ isWanted: false, permission: 'granted', isSecure: true }, 'off'],
    [{ isWanted: false, permission: 'default', isSecure: true }, 'off'],
    // Kept from a time at which it was allowed, and then forgotten by the browser.
    [{ isWanted: true, permission: 'default', isSecure: true }, 'off'],
    [{ isWanted: true, permission: 'denied', isSecure: true }, 'denied'],
    [{ isWanted: true, permission: null, isSecure: true }, 'unsupported'],
    [{ isWanted: true, permission: 'granted', isSecure: false }, 'insecure'],
  ])('%j: %s', (facts, state) => {
    expect(notificationStateOf(facts)).toBe(state);
  });
});
