/**
 * A scenario of the simulator on tape: what each watch would have delivered, kind by kind, in order. Between kinds there is no order
 * (T5), so whoever plays the tape may mix them as it likes.
 */

import { factKeyOf } from '../../core/derive/fact-store.ts';
import type { FactKind, FactOf, VmimFact } from '../../core/facts.ts';
import { KINDS, PROJECTORS } from '../../forwarder/projector.ts';
import type { ResourceName } from '../../simulator/objects.ts';
import type { Cluster } from '../../simulator/types.ts';
import { type StoryCase, stageStory } from './scenario-stories.ts';

/** Where the simulator keeps what a kind is made of. */
export const RESOURCE_OF: Readonly<Record<FactKind, ResourceName>> = {
  host: 'nodes',
  vm: 'virtualmachines',
  vmi: 'virtualmachineinstances',
  vmim: 'virtualmachineinstancemigrations',
  pod: 'pods',
  kubevirt: 'kubevirts',
  power: 'inventories',
  upgrade: 'upgrades',
  restore: 'virtualmachinerestores',
};

export interface TapeEvent {
  readonly type: 'set' | 'remove';
  readonly key: string;
  readonly fact: FactOf[FactKind];
}

export interface Tape {
  readonly name: string;
  /** What a list had before the scenario began. */
  readonly first: ReadonlyMap<FactKind, readonly FactOf[FactKind][]>;
  readonly events: ReadonlyMap<FactKind, readonly TapeEvent[]>;
}

/** Undefined for what is left out: the list of target pods has a selector on the wire, and what has no identity is refused. */
function factOf(kind: FactKind, object: unknown): FactOf[FactKind] | undefined {
  const fact = PROJECTORS[kind](object);
  return fact.ok ? fact.value : undefined;
}

export function recordScenario(story: StoryCase): Tape {
  const { cluster, run, step } = stageStory(story);
  const first = new Map(KINDS.map((kind) => [kind, cluster.list(RESOURCE_OF[kind]).flatMap((object) => factOf(kind, object) ?? [])]));
  const { version } = cluster.store;
  while (!run.done) step();
  return { name: `${story.name} ${story.kubevirt}`, first, events: new Map(KINDS.map((kind) => [kind, eventsOf(cluster, kind, version)])) };
}

function eventsOf(cluster: Cluster, kind: FactKind, after: number): TapeEvent[] {
  const events = cluster.store.eventsAfter(RESOURCE_OF[kind], after, Number.MAX_SAFE_INTEGER);
  if (events === null) throw new Error(`the history of ${kind} does not reach back`);
  return events.flatMap(({ type, object }) => {
    const fact = factOf(kind, object);
    return fact === undefined ? [] : [{ type: type === 'DELETED' ? 'remove' : 'set', key: factKeyOf(kind, fact), fact } as const];
  });
}

/** What a list of a kind has before the first event. */
export const firstList = (tape: Tape, kind: FactKind): Map<string, FactOf[FactKind]> =>
  new Map((tape.first.get(kind) ?? []).map((fact) => [factKeyOf(kind, fact), fact]));

export const eventCount = (tape: Tape, kind: FactKind): number => tape.events.get(kind)?.length ?? 0;

/** How each migration of the tape ended, as its VMIM said last; absent where no VMIM said. */
export function endsOf(tape: Tape): ReadonlyMap<string, 'succeeded' | 'failed' | 'aborted'> {
  const ends = new Map<string, 'succeeded' | 'failed' | 'aborted'>();
  const see = ({ uid, phase, abortRequested }: VmimFact): void => {
    if (phase === 'Succeeded') ends.set(uid, 'succeeded');
    if (phase === 'Failed') ends.set(uid, abortRequested ? 'aborted' : 'failed');
  };
  for (const fact of tape.first.get('vmim') ?? []) see(fact as VmimFact);
  for (const { fact } of tape.events.get('vmim') ?? []) see(fact as VmimFact);
  return ends;
}
