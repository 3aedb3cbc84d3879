import { describe, expect, it } from 'vitest';
import {
  bucketSecondsFor,
  fractionOf,
  isOnScale,
  isPresentEnd,
  keptMoment,
  markAt,
  momentAt,
  momentForKey,
  newestOf,
  rangeOf,
  type Scale,
  scaleOf,
  sliderOf,
  ticksOf,
} from '../../../web/history/past-scale.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NOW = Date.parse('2026-11-26T13:00:00Z');
const RANGE = rangeOf(NOW - 7 * DAY, NOW);

describe('the scale', () => {
  it('follows the present as long as the moment is within it', () => {
    expect(scaleOf(null, '1h', RANGE, null)).toEqual({ from: NOW - HOUR, to: NOW, span: '1h', isFollowing: true });
    expect(scaleOf(null, '1h', RANGE, NOW - HOUR)).toMatchObject({ to: NOW, isFollowing: true });
    expect(scaleOf(null, 'all', RANGE, NOW - 7 * DAY)).toMatchObject({ from: NOW - 7 * DAY, isFollowing: true });
  });

  it('is laid around an older moment, and stands as long as the moment is in it', () => {
    const around = scaleOf(null, '6h', RANGE, NOW - DAY);
    expect(around).toEqual({ from: NOW - DAY - 3 * HOUR, to: NOW - DAY + 3 * HOUR, span: '6h', isFollowing: false });
    expect(scaleOf(around, '6h', rangeOf(NOW - 7 * DAY, NOW + 5_000), NOW - DAY + 2 * HOUR)).toBe(around);
    expect(scaleOf(around, '6h', RANGE, NOW - 2 * DAY)).not.toBe(around);
    expect(scaleOf(around, '24h', RANGE, NOW - 2 * DAY)).toMatchObject({ span: '24h' });
    expect(scaleOf(around, '6h', RANGE, null)).toMatchObject({ to: NOW, isFollowing: true });
  });

  it('marks what came since its last step at its end; and no moment that is to come, as if it were the present', () => {
    const week = scaleOf(null, 'all', RANGE, null);
    const later = rangeOf(NOW - 7 * DAY, NOW + 60_000);
    expect([NOW - 8 * DAY, NOW - 7 * DAY, NOW, NOW + 60_000, NOW + HOUR].map((at) => isOnScale(week, later, at))).toEqual([
      false,
      true,
      true,
      true,
      false,
    ]);
    expect(fractionOf(week, NOW + 60_000)).toBe(1);
    const around = scaleOf(null, '6h', RANGE, NOW - DAY);
    expect([around.to, around.to + 1].map((at) => isOnScale(around, RANGE, at))).toEqual([true, false]);
    // A frame can come before the second hand.
    expect([null, NOW - 1, NOW + 700, NOW + HOUR].map((at) => newestOf(RANGE, at))).toEqual([NOW, NOW, NOW + 700, NOW]);
    expect([NOW + 700, NOW + HOUR].map((at) => isOnScale(week, RANGE, at))).toEqual([true, false]);
  });

  it('begins where the past begins', () => {
    expect(scaleOf(null, '24h', RANGE, NOW - 7 * DAY + HOUR)).toMatchObject({ from: NOW - 7 * DAY, to: NOW - 6 * DAY });
    expect(scaleOf(null, '24h', rangeOf(NOW - HOUR, NOW), null)).toMatchObject({ from: NOW - HOUR });
  });

  it('keys and hands stop at the oldest moment, where that lies within a scale that is longer', () => {
    const young = rangeOf(NOW - 20_000, NOW);
    const scale = scaleOf(null, 'all', young, null);
    expect([scale.from, young.oldest]).toEqual([NOW - 60_000, NOW - 20_000]);
    expect(momentForKey('Home', scale, young, null)).toBe(NOW - 20_000);
    expect(momentForKey('PageDown', scale, young, NOW - 19_000)).toBe(NOW - 20_000);
  });

  it('a moment that is forgotten while it is shown stands where the past begins, and its number is still its own', () => {
    const at = NOW - 7 * DAY - HOUR;
    const week = scaleOf(scaleOf(null, 'all', rangeOf(at - HOUR, NOW), at), 'all', RANGE, at);
    expect(week).toEqual({ from: NOW - 7 * DAY, to: NOW, span: 'all', isFollowing: true });
    expect(markAt(week, RANGE, at)).toBe(0);
    expect(sliderOf(RANGE, at)).toEqual({ min: at, max: NOW, now: at });
    const hour = scaleOf(null, '1h', RANGE, at);
    expect(hour).toMatchObject({ from: NOW - 7 * DAY, isFollowing: false });
    expect(markAt(hour, RANGE, at)).toBe(0);
    // A scale on which it has a place stands, and a hand that is elsewhere does not bring it along.
    const before = scaleOf(null, '1h', rangeOf(NOW - 8 * DAY, NOW), at + HOUR / 4);
    expect(scaleOf(before, '1h', RANGE, at)).toBe(before);
    expect(markAt(before, RANGE, at)).toBe(0.25);
    expect(markAt(scaleOf(null, '1h', RANGE, NOW - DAY), RANGE, at)).toBeNull();
  });

  it('any other moment is marked where it is, and a slider goes from the oldest to the newest', () => {
    const week = scaleOf(null, 'all', RANGE, null);
    expect([NOW - 7 * DAY, NOW - 3.5 * DAY, NOW, NOW + HOUR].map((at) => markAt(week, RANGE, at))).toEqual([0, 0.5, 1, null]);
    const ends = { min: NOW - 7 * DAY, max: NOW };
    expect(sliderOf(RANGE, null)).toEqual({ ...ends, now: NOW });
    expect(sliderOf(RANGE, NOW - DAY)).toEqual({ ...ends, now: NOW - DAY });
    expect(sliderOf(RANGE, NOW + HOUR)).toEqual({ ...ends, now: NOW });
    expect(sliderOf(RANGE, NOW + 700)).toEqual({ ...ends, max: NOW + 700, now: NOW + 700 });
    expect(sliderOf(rangeOf(NOW + 1_000, NOW), null)).toEqual({ min: NOW, max: NOW, now: NOW });
  });

  it('where it is not known how far back the past goes, nothing is taken for not kept', () => {
    const range = rangeOf(null, NOW);
    expect(range.oldest).toBeNull();
    expect([keptMoment(range, NOW - DAY), keptMoment(rangeOf(NOW - HOUR + 0.5, NOW), NOW - DAY)]).toEqual([NOW - DAY, NOW - HOUR + 1]);
    expect(momentForKey('PageDown', scaleOf(null, 'all', range, null), range, NOW - 59_000)).toBe(NOW - 64_000);
    expect(markAt(scaleOf(null, 'all', range, null), range, NOW - DAY)).toBeNull();
    expect(sliderOf(range, NOW - DAY)).toEqual({ min: NOW - DAY, max: NOW, now: NOW - DAY });
  });

  it('has a length in a room that has only just begun', () => {
    for (const oldest of [null, NOW, NOW + 1_000]) {
      const { from, to } = scaleOf(null, 'all', rangeOf(oldest, NOW), null);
      expect(to - from).toBeGreaterThanOrEqual(60_000);
    }
  });

  it('gives each place a moment and each moment a place', () => {
    const scale = scaleOf(null, '1h', RANGE, null);
    expect(momentAt(scale, 0.25)).toBe(NOW - 45 * 60_000);
    expect(fractionOf(scale, NOW - 45 * 60_000)).toBe(0.25);
    expect([momentAt(scale, -1), momentAt(scale, 2)]).toEqual([NOW - HOUR, NOW]);
    expect([fractionOf(scale, 0), fractionOf(scale, NOW + DAY)]).toEqual([0, 1]);
  });

  it('its end is the present only where it goes with it', () => {
    const following = scaleOf(null, '1h', RANGE, null);
    expect([isPresentEnd(following, 1), isPresentEnd(following, 0.9)]).toEqual([true, false]);
    expect(isPresentEnd(scaleOf(null, '1h', RANGE, NOW - DAY), 1)).toBe(false);
  });
});

describe('keys', () => {
  const scale: Scale = scaleOf(null, '1h', RANGE, null);
  it.each([
    ['ArrowLeft', null, NOW - 30_000],
    ['ArrowDown', NOW - 60_000, NOW - 90_000],
    ['ArrowRight', NOW - 60_000, NOW - 30_000],
    ['ArrowRight', NOW - 10_000, 'live'],
    ['ArrowRight', null, 'live'],
    ['PageDown', NOW - 60_000, NOW - 60_000 - 300_000],
    ['PageUp', NOW - 10 * 60_000, NOW - 5 * 60_000],
    ['Home', NOW - 60_000, NOW - 7 * DAY],
    ['End', NOW - 60_000, 'live'],
    ['PageDown', NOW - 7 * DAY + 1_000, NOW - 7 * DAY],
    ['a', null, undefined],
    ['Enter', null, undefined],
  ] as const)('%s from %s', (key, at, expected) => expect(momentForKey(key, scale, RANGE, at)).toBe(expected));
});

describe('what is counted', () => {
  it.each([
    [60_000, 60],
    [HOUR, 60],
    [6 * HOUR, 300],
    [DAY, 600],
    [7 * DAY, 10_800],
    [365 * DAY, 86_400],
  ])('in %d ms by %d s', (length, expected) => expect(bucketSecondsFor({ from: NOW - length, to: NOW })).toBe(expected));
});

describe('ticks', () => {
  const times = (from: number, to: number, offset: number): string[] =>
    ticksOf({ from, to }, () => offset).map((at) => new Date(at + offset).toISOString().slice(5, 16));

  it('stand at round local times', () => {
    expect(times(NOW - HOUR, NOW, 5.5 * HOUR)).toEqual([
      '11-26T17:30',
      '11-26T17:40',
      '11-26T17:50',
      '11-26T18:00',
      '11-26T18:10',
      '11-26T18:20',
      '11-26T18:30',
    ]);
    expect(times(NOW - 7 * DAY, NOW, HOUR)).toEqual(['20', '21', '22', '23', '24', '25', '26'].map((day) => `11-${day}T00:00`));
  });

  it('stay at midnight where the clocks change on the way', () => {
    const change = Date.parse('2026-10-25T01:00:00Z');
    const offsetAt = (at: number): number => (at < change ? 2 * HOUR : HOUR);
    const ticks = ticksOf({ from: change - 2 * DAY, to: change + 2 * DAY }, offsetAt);
    expect(ticks.map((at) => new Date(at + offsetAt(at)).toISOString().slice(11, 16)).every((time) => time === '00:00')).toBe(true);
  });

  it('are not drawn twice where an hour is skipped', () => {
    const change = Date.parse('2026-03-29T01:00:00Z');
    const ticks = ticksOf({ from: change - 3 * HOUR, to: change + 2 * HOUR }, (at) => (at < change ? HOUR : 2 * HOUR));
    expect(new Set(ticks).size).toBe(ticks.length);
  });

  it('stand at an hour both times, where clocks are set back', () => {
    const change = Date.parse('2026-10-25T01:00:00Z');
    const offsetAt = (at: number): number => (at < change ? 2 : 1) * HOUR;
    const ticks = ticksOf({ from: change - 3 * HOUR + 0.4, to: change + 2 * HOUR }, offsetAt);
    const local = ticks.map((at) => new Date(at + offsetAt(at)).toISOString().slice(11, 16));
    expect(local).toEqual(['01:00', '02:00', '02:00', '03:00', '04:00'].slice(0, local.length));
    expect(ticks).toHaveLength(5);
  });

  it('stand at round times after a change of half an hour, and where a day has 23 hours', () => {
    const change = Date.parse('2026-04-04T15:00:00Z');
    const offsetAt = (at: number): number => (at < change ? 11 : 10.5) * HOUR;
    for (const length of [3 * HOUR, 5 * DAY]) {
      const ticks = ticksOf({ from: change - length, to: change + length }, offsetAt);
      const local = ticks.map((at) => new Date(at + offsetAt(at)).toISOString().slice(11, 16));
      expect(
        local.every((time) => time.endsWith(':00')),
        `${local}`,
      ).toBe(true);
      expect(ticks.length).toBeGreaterThan(3);
    }
    const spring = Date.parse('2026-03-29T01:00:00Z');
    const days = ticksOf({ from: spring - 2 * DAY, to: spring + 3 * DAY }, (at) => (at < spring ? HOUR : 2 * HOUR));
    expect(days.length).toBe(5);
  });

  it('stand for a midnight that is skipped at the hour after it', () => {
    const change = Date.parse('2026-04-23T22:00:00Z');
    const offsetAt = (at: number): number => (at < change ? 2 : 3) * HOUR;
    const ticks = ticksOf({ from: change - 3.5 * DAY, to: change + 3.5 * DAY }, offsetAt);
    expect(ticks.map((at) => new Date(at + offsetAt(at)).toISOString().slice(8, 13))).toEqual([
      '21T00',
      '22T00',
      '23T00',
      '24T01',
      '25T00',
      '26T00',
      '27T00',
    ]);
  });
});
