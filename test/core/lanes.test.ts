import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Lanes, lanesOf } from '../../core/lanes.ts';
import { TRANSIT_STAGES, type TransitStage } from '../../core/model.ts';

const at = (host: string): Lanes => ({ settled: host, leaving: null, arriving: null });
const between = (leaving: string, arriving: string | null): Lanes => ({ settled: null, leaving, arriving });

/** host, stage, to → lanes, for a migration from host-1. A cell for every stage, or it does not compile. */
const TABLE: Record<TransitStage, readonly { host: string; to: string | null; lanes: Lanes }[]> = {
  queued: [
    { host: 'host-1', to: null, lanes: at('host-1') },
    { host: 'host-1', to: 'host-2', lanes: at('host-1') },
  ],
  scheduling: [
    { host: 'host-1', to: null, lanes: between('host-1', null) },
    { host: 'host-1', to: 'host-2', lanes: between('host-1', 'host-2') },
  ],
  preparing: [{ host: 'host-1', to: 'host-2', lanes: between('host-1', 'host-2') }],
  transferring: [
    { host: 'host-1', to: 'host-2', lanes: between('host-1', 'host-2') },
    { host: 'host-2', to: 'host-2', lanes: at('host-2') },
    { host: 'host-1', to: 'host-1', lanes: between('host-1', 'host-1') },
  ],
  switching: [
    { host: 'host-1', to: 'host-2', lanes: between('host-1', 'host-2') },
    { host: 'host-2', to: 'host-2', lanes: at('host-2') },
  ],
  finishing: [
    { host: 'host-2', to: 'host-2', lanes: at('host-2') },
    { host: 'host-1', to: 'host-1', lanes: at('host-1') },
  ],
  aborting: [
    { host: 'host-1', to: null, lanes: at('host-1') },
    { host: 'host-1', to: 'host-2', lanes: between('host-1', 'host-2') },
    { host: 'host-2', to: 'host-2', lanes: at('host-2') },
  ],
};

describe('L1–L4: which list a VM stands in', () => {
  test('without a migration it stands in its host’s list, and without a host in none', () => {
    expect(lanesOf({ host: 'host-1' })).toEqual(at('host-1'));
    expect(lanesOf({ host: null })).toEqual({ settled: null, leaving: null, arriving: null });
  });

  for (const stage of TRANSIT_STAGES) {
    for (const { host, to, lanes } of TABLE[stage]) {
      test(`${stage}, on ${host}, from host-1 to ${to ?? 'not chosen'}`, () => {
        expect(lanesOf({ host, transit: { stage, from: 'host-1', to } })).toEqual(lanes);
      });
    }
  }

  test('a guest that goes to another cluster leaves its host, and arrives at none of ours, whatever the other host is called', () => {
    const peer = { direction: 'out', host: 'host-2' } as const;
    const lanes = (stage: TransitStage, host = 'host-1') => lanesOf({ host, transit: { stage, from: 'host-1', to: null, peer } });
    expect(lanes('queued')).toEqual(at('host-1'));
    for (const stage of ['scheduling', 'transferring', 'switching', 'aborting'] as const)
      expect(lanes(stage)).toEqual(between('host-1', null));
    expect(lanesOf({ host: 'host-1', transit: { stage: 'aborting', from: 'host-1', to: null, peer: { direction: 'out' } } })).toEqual(
      at('host-1'),
    );
  });

  test('a guest that comes from another cluster leaves no host of ours', () => {
    const peer = { direction: 'in', host: 'host-1' } as const;
    for (const stage of TRANSIT_STAGES) {
      expect(lanesOf({ host: 'host-1', transit: { stage, from: null, to: 'host-1', peer } })).toEqual(at('host-1'));
      expect(lanesOf({ host: null, transit: { stage, from: null, to: null, peer } })).toEqual({
        settled: null,
        leaving: null,
        arriving: null,
      });
    }
  });

  test('never on two lists, never on none while it has a host, whatever the forwarder says', () => {
    const host = fc.constantFrom('a', 'b', 'c');
    const nullable = fc.option(host);
    fc.assert(
      fc.property(host, fc.constantFrom(...TRANSIT_STAGES), nullable, nullable, (on, stage, from, to) => {
        const lanes = lanesOf({ host: on, transit: { stage, from, to } });
        expect([lanes.settled, lanes.leaving].filter((place) => place !== null)).toEqual([on]);
        if (lanes.arriving !== null) expect(lanes.leaving).toBe(on);
      }),
    );
  });
});
