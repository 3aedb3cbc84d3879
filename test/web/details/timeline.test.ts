import { describe, expect, it } from 'vitest';
import type { MigrationRecord, PlaceRecord } from '../../../core/history.ts';
import { MAX_PLACES_COUNT } from '../../../core/limits.ts';
import { endOf, isLater, placeAt, timelineOf } from '../../../web/details/timeline.ts';

const place = (host: string, since: number | null, until: number | null, extra: Partial<PlaceRecord> = {}): PlaceRecord => ({
  host,
  since,
  until,
  ...extra,
});
const here = (host: string, since: number | null, extra: Partial<PlaceRecord> = {}): PlaceRecord =>
  place(host, since, null, { present: true, ...extra });
const record = (id: string): MigrationRecord => ({
  id,
  vm: 'default/a',
  outcome: 'succeeded',
  cause: 'user',
  from: 'h-1',
  to: 'h-2',
  startedAt: 1,
  endedAt: 2,
  stages: [],
  tries: 0,
  recordedAt: 2,
});
/** A line an entry, newest first. */
const drawn = (places: readonly PlaceRecord[]): string[] =>
  timelineOf(places, []).map((entry) =>
    entry.kind === 'place'
      ? `${entry.host} ${entry.since}–${entry.isPresent ? 'now' : entry.until}`
      : entry.kind === 'forgotten'
        ? 'forgotten'
        : `${entry.kind} ${entry.since}–${entry.until}`,
  );

describe('where a VM has been', () => {
  it.each<readonly [string, readonly PlaceRecord[], readonly string[]]>([
    ['nowhere yet', [], []],
    ['it never left', [here('h-1', 5)], ['h-1 5–now']],
    ['it moved in one moment: no gap', [place('h-1', 1, 5), here('h-2', 5)], ['h-2 5–now', 'h-1 1–5']],
    ['it was off in between', [place('h-1', 1, 5), here('h-2', 9)], ['h-2 9–now', 'nowhere 5–9', 'h-1 1–5']],
    ['it is off', [place('h-1', 1, 5)], ['nowhere 5–null', 'h-1 1–5']],
    ['it moved while nobody watched', [place('h-1', 1, null), here('h-2', null)], ['h-2 null–now', 'unwatched null–null', 'h-1 1–null']],
    ['it left unwatched and came watched', [place('h-1', 1, null), here('h-2', 9)], ['h-2 9–now', 'unwatched null–9', 'h-1 1–null']],
    ['it left watched and came unwatched', [place('h-1', 1, 5), here('h-2', null)], ['h-2 null–now', 'unwatched 5–null', 'h-1 1–5']],
    ['it left unwatched, and is nowhere', [place('h-1', 1, null)], ['unwatched null–null', 'h-1 1–null']],
    ['it came back to the same host', [place('h-1', 1, 5), here('h-1', 7)], ['h-1 7–now', 'nowhere 5–7', 'h-1 1–5']],
  ])('%s', (_, places, lines) => {
    expect(drawn(places)).toEqual(lines);
  });

  it('says that earlier places are not kept where as many are told as are kept', () => {
    const many = Array.from({ length: MAX_PLACES_COUNT }, (_, index) => place(`h-${index}`, index, index + 1));
    expect(drawn(many).at(-1)).toBe('forgotten');
    expect(drawn(many.slice(1)).at(-1)).toBe('h-1 1–2');
  });

  it('names the migration that brought it there, also one that is still under way', () => {
    const [second, first] = timelineOf([place('h-1', 1, 5, { broughtBy: 'm-1' }), here('h-2', 5, { broughtBy: 'm-2' })], [record('m-1')]);
    expect(first).toMatchObject({ broughtBy: 'm-1', move: { id: 'm-1' } });
    expect(second).toMatchObject({ broughtBy: 'm-2', move: undefined });
  });

  it('marks what came after the moment that is shown, and never what has no time', () => {
    const entries = timelineOf([place('h-1', 1, 5), place('h-2', 5, 9), here('h-3', null)], []);
    expect(entries.map((entry) => isLater(entry, 5))).toEqual([false, true, false, false]);
    expect(entries.some((entry) => isLater(entry, null))).toBe(false);
  });
});

describe('until when it was there', () => {
  const endsOf = (places: readonly PlaceRecord[], host: string | null, at: number | null) =>
    timelineOf(places, []).flatMap((entry) => (entry.kind === 'place' || entry.kind === 'nowhere' ? endOf(entry, { host, at }) : []));
  it.each<readonly [string, readonly PlaceRecord[], string | null, number | null, readonly unknown[]]>([
    ['it is there', [place('h-1', 1, 5), here('h-2', 5)], 'h-2', null, ['now', 5]],
    ['it has moved on since that was read: on one host at a time', [place('h-1', 1, 5), here('h-2', 5)], 'h-3', null, ['open', 5]],
    ['it was stopped since', [here('h-2', 5)], null, null, ['open']],
    ['it is off', [place('h-1', 1, 5)], null, null, ['now', 5]],
    ['it was started since', [place('h-1', 1, 5)], 'h-1', null, ['open', 5]],
    ['it left unwatched', [place('h-1', 1, null), here('h-2', 9)], 'h-2', null, ['now', 'unwatched']],
    ['the past is shown, which says nothing of now', [place('h-1', 1, 5), here('h-2', 5)], 'h-1', 3, ['now', 5]],
  ])('%s', (_, places, host, at, ends) => {
    expect(endsOf(places, host, at)).toEqual(ends);
  });
});

describe('since when it is on its host', () => {
  const places = [place('h-1', 1, 5), place('h-2', 5, 9), here('h-1', 9)];
  it.each<readonly [string, number | null, number | undefined]>([
    ['h-1', null, 9],
    ['h-2', null, undefined],
    ['h-1', 3, 1],
    ['h-2', 5, 5],
    ['h-2', 9, undefined],
    ['h-1', 9, 9],
    ['h-1', 0, undefined],
  ])('on %s at %s', (host, at, since) => {
    expect(placeAt(places, host, at)?.since).toBe(since);
  });

  it('is the last time where it left unwatched and came back', () => {
    const returned = [place('h-1', 1, null), here('h-1', 9)];
    expect(placeAt(returned, 'h-1', 5)?.since).toBe(1);
    expect(placeAt(returned, 'h-1', 12)?.since).toBe(9);
  });

  it('is not known of the past where it came unwatched', () => {
    expect(placeAt([here('h-1', null)], 'h-1', 5)).toBeUndefined();
    expect(placeAt([here('h-1', null)], 'h-1', null)?.since).toBeNull();
  });
});
