import { describe, expect, it } from 'vitest';
import { type LastMigration, OUTCOMES, type Transit } from '../../../core/model.ts';
import { wayAhead, wayBehind } from '../../../web/migrations/move-way.ts';
import { enLate } from '../../../web/words/en-late.ts';

const { facts } = enLate;

describe('the way of a migration under way', () => {
  const transit = { from: 'host-1', to: 'host-2', stage: 'transferring' } as const;
  it.each<[Partial<Transit>, string]>([
    [{}, 'host-1 → host-2'],
    [{ to: null, stage: 'scheduling' }, 'host-1 → being chosen'],
    [{ to: null, stage: 'aborting' }, 'host-1 → no target known'],
    [{ stage: 'aborting' }, 'host-1 → host-2'],
    [{ from: null }, 'unknown host → host-2'],
    [{ to: null, peer: { direction: 'out', host: 'host-2' } }, 'host-1 → another cluster'],
    [{ from: null, peer: { direction: 'in' } }, 'another cluster → host-2'],
    [{ from: null, to: null, stage: 'queued', peer: { direction: 'in' } }, 'another cluster → being chosen'],
  ])('%j', (some, way) => {
    expect(wayAhead({ ...transit, ...some }, facts)).toBe(way);
  });
});

describe('the way of a migration that is over', () => {
  const end = { outcome: 'failed', cause: 'user', from: 'host-1', to: 'host-2' } as const;
  it.each<[Partial<LastMigration>, string]>([
    [{}, 'host-1 → host-2'],
    [{ to: null }, 'host-1 → no target known'],
    [{ from: null }, 'unknown host → host-2'],
    [{ from: null, to: null, outcome: 'unknown' }, 'unknown host → no target known'],
    [{ to: null, outcome: 'succeeded' }, 'host-1 → unknown host'],
    [{ to: null, cause: 'cross-cluster' }, 'host-1 → another cluster'],
    [{ from: null, cause: 'cross-cluster' }, 'another cluster → host-2'],
    [{ from: null, to: null, cause: 'cross-cluster' }, 'another cluster → no target known'],
    [{ from: null, to: null, cause: 'cross-cluster', outcome: 'succeeded' }, 'another cluster → unknown host'],
  ])('%j', (some, way) => {
    expect(wayBehind({ ...end, ...some }, facts)).toBe(way);
  });

  it('has a target that is not known only where it had one', () => {
    const isToldUnknown = OUTCOMES.filter((outcome) => wayBehind({ ...end, to: null, outcome }, facts).endsWith(facts.unknownHost));
    expect(isToldUnknown).toEqual(['succeeded']);
  });
});
