/**
 * What a reader does with a page, and what happens to it meanwhile, by chance. Each action has a number of its own that its choices follow from:
 * so a story stays one where actions are left out of it.
 */
import fc from 'fast-check';
import type { Page } from 'playwright-core';
import { createRandom, type Random } from '../../simulator/random.ts';
import type { FakeEdge } from './fake-edge.ts';
import { EDGE_ACTS } from './random-edge-acts.ts';
import { READER_ACTS } from './random-reader-acts.ts';

export interface World {
  readonly edge: FakeEdge;
  readonly page: Page;
}

/** Answers false where what it needs is not there. */
export type Act = (world: World, random: Random) => Promise<unknown> | unknown;
/** How often it is done, beside the others. */
export type Acts = Readonly<Record<string, readonly [weight: number, act: Act]>>;

export interface Action {
  readonly name: string;
  readonly seed: number;
}

export const ACTS: Acts = { ...EDGE_ACTS, ...READER_ACTS };
const NAMES = Object.entries(ACTS).map(([name, [weight]]) => ({ weight, arbitrary: fc.constant(name) }));

export const arbitraryAction: fc.Arbitrary<Action> = fc.record({ name: fc.oneof(...NAMES), seed: fc.nat() }, { noNullPrototype: true });

/** False: what it needs was not there. */
export const perform = async (world: World, { name, seed }: Action): Promise<boolean> =>
  (await ACTS[name]?.[1](world, createRandom(seed))) !== false;
