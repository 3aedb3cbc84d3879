import { describe, expect, it } from 'vitest';
import type { StageSpan } from '../../../core/history.ts';
import { TRANSIT_STAGES, type TransitStage } from '../../../core/model.ts';
import { spansUntil, stageLadder } from '../../../web/migrations/stage-ladder.ts';

const span = (stage: TransitStage, at: number, durationMs: number | null, unwatched?: true): StageSpan => ({
  stage,
  at,
  durationMs,
  ...(unwatched && { unwatched }),
});
const SPANS = [
  span('queued', 1_000, 4_000),
  span('scheduling', 5_000, 1_000),
  span('preparing', 6_000, null, true),
  span('transferring', 9_000, null),
];
const drawn = (stage: TransitStage, spans: readonly StageSpan[]): string[] =>
  stageLadder(stage, spans).map((rung) => `${rung.stage} ${rung.state}${rung.span === undefined ? '' : ` ${rung.span.durationMs}`}`);

describe('the stage ladder', () => {
  it.each<readonly [TransitStage, readonly string[]]>([
    ['queued', ['queued now', 'scheduling ahead', 'preparing ahead', 'transferring ahead', 'switching ahead', 'finishing ahead']],
    ['scheduling', ['queued done', 'scheduling now', 'preparing ahead', 'transferring ahead', 'switching ahead', 'finishing ahead']],
    ['preparing', ['queued done', 'scheduling done', 'preparing now', 'transferring ahead', 'switching ahead', 'finishing ahead']],
    ['transferring', ['queued done', 'scheduling done', 'preparing done', 'transferring now', 'switching ahead', 'finishing ahead']],
    ['switching', ['queued done', 'scheduling done', 'preparing done', 'transferring done', 'switching now', 'finishing ahead']],
    ['finishing', ['queued done', 'scheduling done', 'preparing done', 'transferring done', 'switching done', 'finishing now']],
    ['aborting', ['aborting now']],
  ])('of one that is %s, of which no times are known', (stage, rungs) => {
    expect(drawn(stage, [])).toEqual(rungs);
  });

  it('has each stage once, whatever the times say', () => {
    for (const stage of TRANSIT_STAGES) {
      const names = stageLadder(stage, SPANS).map((rung) => rung.stage);
      expect(new Set(names).size).toBe(names.length);
      expect(stageLadder(stage, SPANS).filter(({ state }) => state === 'now')).toHaveLength(1);
    }
  });

  it('tells how long each stage took, and has no time for what nobody watched', () => {
    expect(drawn('transferring', SPANS).slice(0, 4)).toEqual([
      'queued done 4000',
      'scheduling done 1000',
      'preparing done null',
      'transferring now null',
    ]);
  });

  it('believes the picture and not times that are newer: what they know more is ahead', () => {
    expect(drawn('scheduling', SPANS)).toEqual([
      'queued done 4000',
      'scheduling now 1000',
      'preparing ahead',
      'transferring ahead',
      'switching ahead',
      'finishing ahead',
    ]);
  });

  it('does not take for unseen what times that are older cannot have', () => {
    const told = (stage: TransitStage, spans: readonly StageSpan[] | null): string[] =>
      stageLadder(stage, spans).flatMap((rung) => (rung.isTold && rung.state !== 'ahead' ? `${rung.stage} ${rung.span?.durationMs}` : []));
    expect(told('preparing', SPANS.slice(0, 3))).toEqual(['queued 4000', 'scheduling 1000', 'preparing null']);
    // What lasted when they were read is over now, and how long it took is in the next answer.
    expect(told('switching', [...SPANS.slice(0, 1), span('scheduling', 5_000, null)])).toEqual(['queued 4000']);
    expect(told('aborting', [...SPANS.slice(0, 1), span('scheduling', 5_000, null)])).toEqual(['queued 4000']);
    expect(told('switching', [])).toEqual([]);
    expect(told('switching', null)).toEqual([]);
    // One that was seen on both sides of what was not.
    expect(told('preparing', [span('queued', 1_000, null), span('preparing', 6_000, null, true)])).toEqual([
      'queued null',
      'scheduling undefined',
      'preparing null',
    ]);
  });

  it('of an abort shows what was reached, and no way up', () => {
    expect(drawn('aborting', [...SPANS.slice(0, 2), span('aborting', 7_000, null)])).toEqual([
      'queued done 4000',
      'scheduling done 1000',
      'aborting now null',
    ]);
  });
});

describe('stages up to a moment of the past', () => {
  it('leave out what began later, and the length of what still lasted', () => {
    expect(spansUntil(SPANS, 5_500)).toEqual([span('queued', 1_000, 4_000), span('scheduling', 5_000, null)]);
    expect(spansUntil(SPANS, 6_000)).toEqual([
      span('queued', 1_000, 4_000),
      span('scheduling', 5_000, 1_000),
      span('preparing', 6_000, null, true),
    ]);
    expect(spansUntil(SPANS, 0)).toEqual([]);
  });
});
