import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { freshnessOf } from '../../../core/freshness.ts';
import { composeHost, EMPTY_HOST_MEMORY, rememberHost } from '../../../core/host-memory.ts';
import { HEARTBEAT_INTERVAL_MS } from '../../../core/limits.ts';
import type { DerivedHost, Vm } from '../../../core/model.ts';
import { selectDepartures } from '../../../web/drain/drain-departures.ts';
import { type DrainEta, type EtaFacts, selectEta } from '../../../web/drain/drain-eta.ts';
import type { DrainLine } from '../../../web/drain/drain-line.ts';
import { roundSpan, spanText } from '../../../web/drain/drain-span.ts';
import { isPrompt } from '../../../worker/session.ts';
import { HOST, vmHere } from '../../support/drain-vms.ts';

const MINUTE_MS = 60_000;
const line = (going: number, hindered: Partial<DrainLine['hindered']> = {}): DrainLine => ({
  going,
  hindered: { stuck: 0, failing: 0, held: 0, unasked: 0, ...hindered },
});
/** Unless it says something else, the cluster has just spoken, and all that left were seen leaving. */
const facts = ({ departures = [], now = 0, ...extra }: Partial<EtaFacts>): EtaFacts => ({
  departures,
  gone: departures.length,
  now,
  heard: now,
  line: line(0),
  arriving: 0,
  isEntering: false,
  ...extra,
});
/** `count` departures, one each `stepMs`, the last of them now. */
const steady = (count: number, stepMs: number): number[] => Array.from({ length: count }, (_, index) => (index - count + 1) * stepMs);

describe('when a host will be empty', () => {
  it('is not told of an empty one, nor where nobody leaves by himself', () => {
    expect(selectEta(facts({}))).toEqual({ kind: 'none' });
    expect(selectEta(facts({ line: line(0, { stuck: 2 }), departures: steady(9, MINUTE_MS) }))).toEqual({ kind: 'endless' });
    expect(selectEta(facts({ line: line(0, { unasked: 1 }) }))).toEqual({ kind: 'endless' });
  });

  it('is not known while maintenance may still ask who was not asked, and they never count as leaving', () => {
    const entering = (going: number, hindered: Partial<DrainLine['hindered']>) =>
      selectEta(facts({ line: line(going, hindered), departures: steady(8, MINUTE_MS), isEntering: true }));
    expect(entering(0, { unasked: 40, stuck: 1 })).toEqual({ kind: 'unknown' });
    expect(entering(0, { stuck: 1 })).toEqual({ kind: 'endless' });
    expect(entering(0, {})).toEqual({ kind: 'none' });
    expect(entering(2, { unasked: 40 })).toMatchObject({ kind: 'range', toMs: 2 * 1.25 * MINUTE_MS, isWhole: false });
  });

  it('is not told before four have left, nor of those that left all at once', () => {
    for (const count of [0, 1, 3]) {
      expect(selectEta(facts({ line: line(5), departures: steady(count, MINUTE_MS) }))).toEqual({
        kind: 'too-early',
        known: count,
        isSinceGap: false,
      });
    }
    expect(selectEta(facts({ line: line(5), departures: steady(4, MINUTE_MS) })).kind).toBe('range');
    expect(selectEta(facts({ line: line(5), departures: [0, 0, 0, 0, 0, 0] }))).toEqual({
      kind: 'too-early',
      known: 6,
      isSinceGap: false,
    });
  });

  it('is a range around the pace of those that left, and says when it is not the whole end', () => {
    const eta = selectEta(facts({ line: line(20), departures: steady(8, MINUTE_MS) }));
    expect(eta).toEqual({ kind: 'range', fromMs: 20 * 0.75 * MINUTE_MS, toMs: 20 * 1.25 * MINUTE_MS, isWhole: true });
    expect(selectEta(facts({ line: line(20, { stuck: 1 }), departures: steady(8, MINUTE_MS) }))).toMatchObject({ isWhole: false });
    expect(selectEta(facts({ line: line(20), arriving: 1, departures: steady(8, MINUTE_MS) }))).toMatchObject({ isWhole: false });
  });

  it('is about the same for two at a time as for one after another', () => {
    const pairs = [-6, -6, -4, -4, -2, -2, 0, 0].map((minutes) => minutes * MINUTE_MS);
    const eta = selectEta(facts({ line: line(20), departures: pairs }));
    if (eta.kind !== 'range') throw new Error(eta.kind);
    expect(eta.fromMs).toBeLessThanOrEqual(20 * MINUTE_MS);
    expect(eta.toMs).toBeGreaterThanOrEqual(20 * MINUTE_MS);
    expect(eta.toMs).toBeLessThanOrEqual(30 * MINUTE_MS);
  });

  it('of a few that left covers each time between two: the first may have left long before the others were asked', () => {
    const few = [-17, -3, -2, 0].map((seconds) => seconds * 1_000);
    const eta = selectEta(facts({ line: line(81), departures: few }));
    expect(eta).toEqual({ kind: 'range', fromMs: 81 * 1_000, toMs: 81 * 14_000, isWhole: true });
    const more = selectEta(facts({ line: line(79), departures: [...few.map((at) => at - 2_000), -1_000, 0] }));
    expect(more.kind === 'range' && more.toMs / 79).toBeCloseTo(17_000 / 3);
  });

  it('grows while the next one is late, and is given up when none has left for long', () => {
    const at = (now: number) => selectEta(facts({ now, line: line(10), departures: steady(8, MINUTE_MS) }));
    const [soon, late] = [at(MINUTE_MS), at(6 * MINUTE_MS)];
    if (soon.kind !== 'range' || late.kind !== 'range') throw new Error(`${soon.kind} ${late.kind}`);
    expect(late.toMs).toBeGreaterThan(soon.toMs);
    expect(at(11 * MINUTE_MS)).toEqual({ kind: 'halted', idleMs: 11 * MINUTE_MS });
  });

  it('is the same where the clock of the room was set back behind those that left', () => {
    const of = (heard: number) => selectEta(facts({ now: heard, line: line(10), departures: steady(8, MINUTE_MS) }));
    expect(of(-MINUTE_MS)).toEqual(of(0));
  });

  it('forgets how fast it was an hour ago', () => {
    const departures = [...steady(20, 1_000).map((at) => at - 60 * MINUTE_MS), ...steady(12, MINUTE_MS)];
    const eta = selectEta(facts({ line: line(10), departures }));
    expect(eta).toMatchObject({ kind: 'range', fromMs: 7.5 * MINUTE_MS });
  });

  it('is never negative or nothing, is a range that holds, and never the whole end while anybody stays', () => {
    const someLine = fc.record({
      going: fc.nat(400),
      hindered: fc.record({ stuck: fc.nat(3), failing: fc.nat(2), held: fc.nat(2), unasked: fc.nat(2) }),
    });
    const times = fc.array(fc.integer({ min: -1_000_000_000, max: 1_000_000_000 }), { maxLength: 40 });
    fc.assert(
      fc.property(
        times,
        fc.integer({ min: -1_000, max: 2_000_000_000 }),
        someLine,
        fc.nat(2),
        fc.boolean(),
        fc.nat(30_000),
        (departures, now, who, arriving, isEntering, silentMs) => {
          const eta = selectEta({ departures, gone: departures.length, now, heard: now - silentMs, line: who, arriving, isEntering });
          const staying = Object.values(who.hindered).reduce((sum, vms) => sum + vms, arriving);
          expect(eta.kind === 'none').toBe(who.going === 0 && staying - arriving === 0);
          if (eta.kind === 'halted') expect(eta.idleMs).toBeGreaterThan(0);
          if (eta.kind !== 'range') return;
          expect(who.going).toBeGreaterThan(0);
          expect(eta.isWhole).toBe(staying === 0);
          expect(Number.isFinite(eta.fromMs) && Number.isFinite(eta.toMs)).toBe(true);
          expect(eta.fromMs).toBeGreaterThanOrEqual(0);
          expect(eta.toMs).toBeGreaterThanOrEqual(eta.fromMs);
          const { unit, from, to } = roundSpan(eta);
          const unitMs = { minute: 1, hour: 60, day: 1_440 }[unit] * MINUTE_MS;
          expect(from * unitMs).toBeLessThanOrEqual(eta.fromMs);
          expect(to * unitMs).toBeGreaterThanOrEqual(eta.toMs);
          expect(to).toBeGreaterThan(0);
        },
      ),
      { numRuns: 2_000 },
    );
  });
});

/** VMs leave one after another, and now and then nobody hears of it. */
interface Course {
  /** From the beginning to when each leaves. */
  readonly leaving: readonly number[];
  /** The cluster says nothing from `from` to `to`. */
  readonly silences: readonly { readonly from: number; readonly to: number; readonly ends: SilenceEnd }[];
}

/** It tells all that there is, or what it had kept; or an old batch comes that is sent again, and what it had kept a moment after that. */
type SilenceEnd = 'sync' | 'changes' | 'retry';
const RETRIED_AFTER_MS = 50;

interface Said {
  readonly eta: DrainEta;
  /** How long it really takes from then on. */
  readonly truth: number;
  readonly now: number;
}

/** What the page says at every departure and heartbeat that is heard, and in silences as long as the picture counts as live. */
function follow({ leaving, silences }: Course): Said[] {
  const end = leaving.at(-1) ?? 0;
  const silenceAt = (at: number) => silences.find(({ from, to }) => at > from && at < to);
  const beats = Array.from({ length: Math.ceil(end / HEARTBEAT_INTERVAL_MS) }, (_, index) => index * HEARTBEAT_INTERVAL_MS);
  const ends = silences.flatMap(({ to }) => [to, to + RETRIED_AFTER_MS]);
  const times = [...new Set([...leaving, ...beats, ...ends])].sort((a, b) => a - b);
  const said: Said[] = [];
  let memory = EMPTY_HOST_MEMORY;
  let before: DerivedHost | undefined;
  let heard: number | null = null;
  let heardBefore: number | null = null;
  for (const now of times) {
    if (now >= end) break;
    const silence = silenceAt(now);
    const isKept =
      silence !== undefined || silences.some(({ to, ends: how }) => how === 'retry' && now >= to && now < to + RETRIED_AFTER_MS);
    const after = hostWith(isKept ? (before?.drain?.here ?? 0) : leaving.filter((at) => at > now).length);
    if (silence === undefined) {
      const watched = before !== undefined && !silences.some(({ to, ends: how }) => to === now && how === 'sync');
      memory = rememberHost(memory, before, after, { now, watched, prompt: isPrompt({ lastHeard: heard, heardBefore }, now) });
      [before, heardBefore, heard] = [after, watched ? heard : now, now];
    }
    if (heard === null || freshnessOf(heard, now) !== 'live') continue;
    const { drain } = composeHost(after, memory);
    if (drain === undefined) continue;
    const { leftAt: departures = [], here, were } = drain;
    said.push({ eta: selectEta(facts({ departures, gone: were - here, now, heard, line: line(here) })), truth: end - now, now });
  }
  return said;
}

const hostWith = (here: number): DerivedHost => ({
  name: HOST,
  state: 'entering-maintenance',
  reasons: [],
  roles: [],
  drain: { here, moving: 0, stopping: 0, waiting: here, stuck: 0, arriving: 0, safe: false, because: 'vms-here' },
});

describe('H6: after a silence', () => {
  const minutes = Array.from({ length: 60 }, (_, index) => (index + 1) * MINUTE_MS);

  it.each<SilenceEnd>(['sync', 'changes', 'retry'])('in which some left, it is too early until enough have left since (%s)', (ends) => {
    for (const beganAt of [1.5, 5.5]) {
      const to = 15.5 * MINUTE_MS - (ends === 'retry' ? RETRIED_AFTER_MS : 0);
      const said = follow({ leaving: minutes, silences: [{ from: beganAt * MINUTE_MS, to, ends }] });
      const at = (minute: number): Said | undefined => said.find(({ now }) => now === minute * MINUTE_MS);
      for (const [known, minute] of [15.5, 16, 17, 18].entries()) {
        expect(at(minute)?.eta).toEqual({ kind: 'too-early', known, isSinceGap: true });
      }
      expect(at(19)?.eta).toMatchObject({ kind: 'range', fromMs: 41 * 0.75 * MINUTE_MS, toMs: 41 * 1.25 * MINUTE_MS });
    }
  });

  it('the true time lies within what is said, at any pace and in any silences', () => {
    const course: fc.Arbitrary<Course> = fc
      .record({
        paceMs: fc.integer({ min: 2_000, max: 200_000 }),
        lags: fc.array(fc.double({ min: 0.9, max: 1.1, noNaN: true }), { minLength: 8, maxLength: 60 }),
        gaps: fc.array(
          fc.record({
            after: fc.double({ min: 0, max: 1, noNaN: true }),
            ms: fc.integer({ min: 15_100, max: 1_200_000 }),
            ends: fc.constantFrom<SilenceEnd>('sync', 'changes', 'retry'),
          }),
          {
            maxLength: 3,
          },
        ),
      })
      .map(({ paceMs, lags, gaps }) => {
        let at = 0;
        const leaving = lags.map((lag) => (at += Math.round(lag * paceMs)));
        const end = at;
        const silences: Course['silences'][number][] = [];
        for (const { after, ms, ends } of gaps.sort((a, b) => a.after - b.after)) {
          const from = Math.max(Math.round(after * end), (silences.at(-1)?.to ?? 0) + RETRIED_AFTER_MS + 1);
          silences.push({ from, to: from + ms, ends });
        }
        return { leaving, silences };
      });
    let ranges = 0;
    fc.assert(
      fc.property(course, (each) => {
        for (const { eta, truth, now } of follow(each)) {
          if (eta.kind !== 'range') continue;
          ranges += 1;
          expect(eta.fromMs, `at ${now}`).toBeLessThanOrEqual(truth);
          expect(eta.toMs, `at ${now}`).toBeGreaterThanOrEqual(truth);
        }
      }),
      { numRuns: 150 },
    );
    expect(ranges).toBeGreaterThan(1_000);
  });

  it('that still counts as live, nothing is said that was not known before it', () => {
    const at = (now: number) => selectEta(facts({ departures: steady(8, 10_000), heard: 0, now, line: line(6) }));
    expect(at(0)).toEqual({ kind: 'range', fromMs: 45_000, toMs: 75_000, isWhole: true });
    expect(at(25_000)).toEqual({ kind: 'range', fromMs: 20_000, toMs: 75_000, isWhole: true });
    expect(at(60_000)).toEqual({ kind: 'range', fromMs: 0, toMs: 75_000, isWhole: true });
  });
});

describe('a span of time, as it is said', () => {
  it.each<readonly [from: number, to: number, en: string, zh: string]>([
    [0.2, 0.9, '0–1 min', '0-1分钟'],
    [12.3, 17.1, '12–18 min', '12-18分钟'],
    [4.9, 5, '4–5 min', '4-5分钟'],
    [5, 5, '5 min', '5分钟'],
    [31, 52, '30–55 min', '30-55分钟'],
    [70, 190, '1–4 hr', '1-4小时'],
    [3_000, 4_400, '2–4 days', '2-4天'],
  ])('%d to %d minutes', (from, to, en, zh) => {
    const span = roundSpan({ fromMs: from * MINUTE_MS, toMs: to * MINUTE_MS });
    expect(spanText('en', span)).toBe(en);
    expect(spanText('zh-Hans', span)).toBe(zh);
  });
});

describe('who has left', () => {
  const NOW = 10_000_000;
  const gone = (name: string, host: string | null, until: number | null, from = HOST): Vm =>
    vmHere(name, { host, previous: { host: from, until } });
  const named = (vms: readonly Vm[], since: number | null): string[] =>
    selectDepartures(vms, HOST, { since }, NOW).map(({ vm, at }) => `${vm.name} ${at}`);

  it('is who was on the host before, since the drain began; newest first', () => {
    const vms = [
      gone('moved', 'host-2', 2_000),
      gone('off', null, 3_000),
      gone('earlier', 'host-2', 999),
      gone('elsewhere', 'host-2', 2_500, 'host-3'),
      gone('unwatched', 'host-2', null),
      gone('back', HOST, 2_600),
      vmHere('never'),
    ];
    expect(named(vms, 1_000)).toEqual(['off 3000', 'moved 2000']);
  });

  it('is of the last hour only, where the drain began unwatched', () => {
    expect(named([gone('old', 'host-2', NOW - 3_600_001), gone('new', 'host-2', NOW - 3_600_000)], null)).toEqual([
      `new ${NOW - 3_600_000}`,
    ]);
  });
});
