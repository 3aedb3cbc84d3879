/** The fleet as its viewers see it (D1, D2), and what a room's news does to it. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { applyFleetFrame, composeFleetFrames, type FleetFrame, type FleetState, fleetStateOf } from '../../core/fleet.ts';
import { FLEET_FRAMES_COUNT } from '../../core/limits.ts';
import type { ClusterSummary } from '../../core/model.ts';
import {
  changeOverview,
  type FleetChange,
  frameFor,
  framesSince,
  isOutdated,
  mergeNews,
  type Overview,
  openOverview,
  overviewCursor,
  snapshotFor,
  unheardSummary,
} from '../../worker/fleet-overview.ts';
import { isLong } from './runs.ts';

const runs = (count: number) => ({ numRuns: isLong ? count * 100 : count });

const summary = (cluster: string, rest: Partial<ClusterSummary> = {}): ClusterSummary => ({ ...unheardSummary({ cluster }), ...rest });
const counts = { hosts: { total: 3, up: 2 }, vms: { total: 1, byState: { running: 1 } }, transits: 1, failures: 0 } as const;

/** The overview after each change, the first one included, and the frames between. */
function play(
  changes: readonly FleetChange[],
  first = openOverview('e', [{ cluster: 'a' }]),
): { overviews: Overview[]; frames: FleetFrame[] } {
  const overviews = [first];
  const frames: FleetFrame[] = [];
  for (const [index, change] of changes.entries()) {
    const changed = changeOverview(overviews.at(-1) as Overview, change, index);
    if (changed === null) continue;
    overviews.push(changed.overview);
    frames.push(changed.frame);
  }
  return { overviews, frames };
}

const stateAt = (overview: Overview, audience: string): FleetState => fleetStateOf(snapshotFor(overview, audience, 0));

function apply(state: FleetState, frame: FleetFrame): FleetState {
  const applied = applyFleetFrame(state, frame);
  if (!applied.ok) throw new Error('gap');
  return applied.value;
}

const cluster = fc.constantFrom('a', 'b', 'c', 'd');
const change: fc.Arbitrary<FleetChange> = fc.record(
  {
    clusters: fc.array(
      fc.tuple(cluster, fc.nat(2)).map(([name, transits]) => summary(name, { transits })),
      { maxLength: 3 },
    ),
    gone: fc.array(cluster, { maxLength: 2 }),
  },
  { requiredKeys: [] },
);
/** A change names a cluster once. */
const plausible = change.map(({ clusters = [], gone = [] }) => ({
  clusters: clusters.filter((one, index) => clusters.findIndex((other) => other.cluster === one.cluster) === index),
  gone: gone.filter((name) => clusters.every((one) => one.cluster !== name)),
}));

describe('the overview', () => {
  test('D2: for each audience, a snapshot and what follows it is the snapshot at the later cursor, however it is merged', () => {
    fc.assert(
      fc.property(fc.array(plausible, { maxLength: 12 }), fc.constantFrom('', 'a', 'a,b', 'c,x'), fc.nat(), (changes, audience, from) => {
        const { overviews, frames } = play(changes);
        const start = from % overviews.length;
        const head = overviews.at(-1) as Overview;
        const one = frames
          .slice(start)
          .reduce((state, frame) => apply(state, frameFor([frame], audience)), stateAt(overviews[start] as Overview, audience));
        expect(one).toEqual(stateAt(head, audience));
        const missed = framesSince(head, overviewCursor(overviews[start] as Overview));
        expect(missed).toEqual(frames.slice(start));
        if (missed === null || missed.length === 0) return;
        expect(apply(stateAt(overviews[start] as Overview, audience), frameFor(missed, audience))).toEqual(stateAt(head, audience));
      }),
      runs(300),
    );
  });

  test('what an audience may not see is in none of its frames, and its cursors are those of all', () => {
    fc.assert(
      fc.property(fc.array(plausible, { minLength: 1, maxLength: 12 }), (changes) => {
        const { overviews, frames } = play(changes);
        for (const frame of frames) {
          const seen = frameFor([frame], 'b');
          expect([...(seen.clusters ?? []).map((one) => one.cluster), ...(seen.gone ?? [])].filter((name) => name !== 'b')).toEqual([]);
          expect([seen.from, seen.to, seen.at]).toEqual([frame.from, frame.to, frame.at]);
        }
        expect(snapshotFor(overviews.at(-1) as Overview, 'b', 0).clusters.every((one) => one.cluster === 'b')).toBe(true);
      }),
      runs(100),
    );
  });

  test('what changes nothing makes no frame', () => {
    const overview = openOverview('e', [{ cluster: 'a', displayName: 'The lab' }]);
    expect(changeOverview(overview, { clusters: [summary('a', { displayName: 'The lab', unknown: true })], gone: ['b'] }, 1)).toBeNull();
    expect(changeOverview(overview, {}, 1)).toBeNull();
  });

  test('T7: of a cluster whose room has not answered nothing is known, not even that it never spoke', () => {
    const known = openOverview('e', [{ cluster: 'a' }]).clusters.get('a') as ClusterSummary;
    expect(known.unknown).toBe(true);
    const heard = { cursor: null, lastHeard: null, recent: null };
    expect(mergeNews(known, { ...heard, counts: null }), 'counts that were told to somebody else').toBe('incomplete');
    expect(mergeNews(known, { ...heard, counts }), 'an answer').toEqual({ ...known, ...heard, ...counts, unknown: undefined });
    expect(mergeNews(known, { ...heard, counts })).not.toHaveProperty('unknown');
  });

  test('frame times never decrease, even where the clock is set back', () => {
    const one = changeOverview(openOverview('e', []), { clusters: [summary('a')] }, 100);
    const two = changeOverview((one as { overview: Overview }).overview, { gone: ['a'] }, 50);
    expect(two?.frame.at).toBe(100);
  });

  test('a snapshot is by name', () => {
    const overview = openOverview(
      'e',
      ['c', 'a', 'b'].map((name) => ({ cluster: name })),
    );
    expect(snapshotFor(overview, '', 7)).toMatchObject({
      cursor: 'e-1',
      now: 7,
      clusters: [{ cluster: 'a' }, { cluster: 'b' }, { cluster: 'c' }],
    });
  });

  test('frames that do not follow each other are neither applied nor composed', () => {
    const { frames, overviews } = play([{ gone: ['a'] }, { clusters: [summary('b')] }]);
    const [first, second] = frames as [FleetFrame, FleetFrame];
    expect(applyFleetFrame(stateAt(overviews[0] as Overview, ''), second).ok).toBe(false);
    expect(composeFleetFrames(second, first).ok).toBe(false);
  });
});

describe('D1: coming back', () => {
  const many = play(Array.from({ length: FLEET_FRAMES_COUNT + 1 }, (_, index) => ({ clusters: [summary('a', { transits: index + 1 })] })));
  const head = many.overviews.at(-1) as Overview;

  test.each<[string, string | null, number | null]>([
    ['none', null, null],
    ['the head', `e-${FLEET_FRAMES_COUNT + 2}`, 0],
    ['one before it', `e-${FLEET_FRAMES_COUNT + 1}`, 1],
    ['the oldest that is kept', 'e-2', FLEET_FRAMES_COUNT],
    ['one older than that', 'e-1', null],
    ['one of before the first', 'e-0', null],
    ['one of the future', `e-${FLEET_FRAMES_COUNT + 3}`, null],
    ['one of another epoch', 'f-2', null],
    ['a forged one', 'e-02', null],
  ])('with the cursor %s', (_what, asked, missed) => {
    expect(framesSince(head, asked)?.length ?? null).toBe(missed);
  });
});

describe('a room’s news', () => {
  const recent = { from: 0, succeeded: [1], failed: [0] };
  const known = summary('a', { displayName: 'The lab', cursor: 'r-5', lastHeard: 100, recent, ...counts });

  test('a heartbeat changes when the cluster was heard, and nothing else', () => {
    expect(mergeNews(known, { cursor: 'r-5', lastHeard: 200, recent, counts: null })).toEqual({ ...known, lastHeard: 200 });
  });

  test('counts replace those that are known', () => {
    const news = { cursor: 'r-6', lastHeard: 200, recent, counts: { ...counts, transits: 0 } };
    expect(mergeNews(known, news)).toEqual({ ...known, cursor: 'r-6', lastHeard: 200, transits: 0 });
  });

  test('how migrations ended comes with every report', () => {
    const news = { cursor: 'r-5', lastHeard: 200, recent: { ...recent, failed: [1] }, counts: null };
    expect(mergeNews(known, news)).toEqual({ ...known, lastHeard: 200, recent: news.recent });
  });

  test.each([
    ['r-6', 'a later one of this life'],
    ['s-5', 'one of another life'],
  ])('without counts, %s is not whole', (cursor) => {
    expect(mergeNews(known, { cursor, lastHeard: 200, recent, counts: null })).toBe('incomplete');
  });

  test.each<[string | null, number | null, string | null, number | null, boolean]>([
    ['r-5', 100, 'r-5', 100, false],
    ['r-5', 100, 'r-5', 99, true],
    ['r-5', 100, 'r-4', 200, true],
    ['r-5', 100, 'r-10', 50, false],
    ['r-5', 100, 's-1', 50, false],
    ['r-5', 100, null, 200, true],
    [null, null, null, null, false],
    [null, null, 'r-1', 100, false],
    [null, 100, null, null, true],
  ])('%s heard at %s, then %s heard at %s: outdated is %s', (cursor, lastHeard, later, laterHeard, outdated) => {
    const news = { cursor: later, lastHeard: laterHeard };
    expect(isOutdated({ cursor, lastHeard }, news)).toBe(outdated);
    if (outdated) expect(mergeNews(summary('a', { cursor, lastHeard }), { ...news, recent, counts })).toBe('outdated');
  });
});
