/** A scenario played to its end, and what the object updates that it made told on the way. */
import { expect } from 'vitest';
import { createVirtualClock } from '../../simulator/clock.ts';
import { createCluster } from '../../simulator/cluster.ts';
import type {
  ObjectTypes,
  ResourceName,
  VirtualMachineInstance as Vmi,
  VirtualMachineInstanceMigration as Vmim,
} from '../../simulator/objects.ts';
import { clusterOptionsFor, createScenario, type ScenarioPart } from '../../simulator/scenario-run.ts';
import type { ScenarioName } from '../../simulator/scenarios/registry.ts';
import type { Subjects } from '../../simulator/stage.ts';
import type { KubeVirtVersion } from '../../simulator/traits.ts';
import type { Cluster, StepReport, VmRef } from '../../simulator/types.ts';

export interface Story {
  readonly cluster: Cluster;
  readonly subjects: Subjects;
  readonly vm: VmRef;
  readonly host: string;
  readonly reports: readonly StepReport[];
  /** When each report was made, in milliseconds of the story at speed 1. */
  readonly times: readonly number[];
  /** Turns in which nothing happened. */
  readonly waited: number;
  /** Every state of an object, from the one before the story on; undefined where it was not there. */
  states<R extends ResourceName>(resource: R, ref: Partial<VmRef> & { name: string }): readonly (ObjectTypes[R] | undefined)[];
  /** Every state that a value of an object went through. */
  values<R extends ResourceName, T>(resource: R, ref: Partial<VmRef> & { name: string }, read: (object: ObjectTypes[R]) => T): readonly T[];
  /** What a value of the VM's instance went through. */
  seen<T>(vm: VmRef, read: (vmi: Vmi) => T): readonly T[];
  /** The VM's hosts in order; a dash where it had none. */
  hostsOf(vm: VmRef): readonly string[];
  /** The phases of each migration of a VM in order, the empty one first. */
  phasesOf(vm: VmRef): readonly (readonly string[])[];
  /** The migrations of a VM as they were last, also those that are gone. */
  migrationsOf(vm: VmRef): readonly Vmim[];
  vmi(vm: VmRef): Vmi | undefined;
}

/** More updates than any scenario makes. */
const MOST_UPDATES = 1000;
const MOST_TURNS = 2000;

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
const withoutRepeats = <T>(values: readonly T[]): readonly T[] =>
  values.filter((value, index) => index === 0 || !same(value, values[index - 1]));

export const stageScenario = (name: ScenarioName, kubevirt: KubeVirtVersion): Cluster =>
  createCluster(clusterOptionsFor(name, { kubevirt, clock: createVirtualClock(), runId: 'test' }));

/** Plays it, and holds it to what every scenario promises: an update a turn, or none; and an end. */
export function playPart(cluster: Cluster, part: ScenarioPart): Pick<Story, 'reports' | 'times' | 'waited'> {
  const reports: StepReport[] = [];
  const times: number[] = [];
  let waited = 0;
  while (!part.done) {
    const { version } = cluster.store;
    const report = part.step();
    expect(cluster.store.version - version, `writes of ${report?.name ?? 'a turn without an update'}`).toBe(report === null ? 0 : 1);
    if (report === null) waited += 1;
    else {
      times.push(part.elapsedMs);
      reports.push(report);
    }
    expect(reports.length, 'updates').toBeLessThan(MOST_UPDATES);
    expect(waited, 'turns without an update').toBeLessThan(MOST_TURNS);
  }
  return { reports, times, waited };
}

export function playScenario(cluster: Cluster, name: ScenarioName): Story & { readonly restore: () => ScenarioPart } {
  const run = createScenario(cluster, name);
  const { subjects } = run;
  const before = cluster.store.version;
  const played = playPart(cluster, run);
  const [vm = { namespace: '', name: '' }] = subjects.vms;

  const story: Story = {
    cluster,
    subjects,
    vm,
    host: subjects.hosts[0] ?? '',
    ...played,
    states(resource, { namespace, name: own }) {
      const events = cluster.store.eventsAfter(resource, before, MOST_UPDATES) ?? [];
      const mine = events.filter(({ object }) => object.metadata.name === own && object.metadata.namespace === namespace);
      const first = cluster.store
        .listAt(resource, before)
        ?.find(({ metadata }) => metadata.name === own && metadata.namespace === namespace);
      return [first, ...mine.map(({ type, object }) => (type === 'DELETED' ? undefined : object))];
    },
    values: (resource, ref, read) =>
      withoutRepeats(
        story
          .states(resource, ref)
          .filter((object) => object !== undefined)
          .map(read),
      ),
    seen: (ref, read) => story.values('virtualmachineinstances', ref, read),
    hostsOf: (ref) => withoutRepeats(story.states('virtualmachineinstances', ref).map((vmi) => vmi?.status.nodeName ?? '-')),
    phasesOf: (ref) => storiesOf(ref).map((states) => withoutRepeats(states.map(({ status }) => status?.phase ?? ''))),
    migrationsOf: (ref) => storiesOf(ref).flatMap((states) => states.slice(-1)),
    vmi: (ref) => cluster.get('virtualmachineinstances', ref.namespace, ref.name),
  };
  const storiesOf = (ref: VmRef): readonly (readonly Vmim[])[] => {
    const byUid = new Map<string, Vmim[]>();
    for (const { object } of cluster.store.eventsAfter('virtualmachineinstancemigrations', before, MOST_UPDATES) ?? []) {
      const { metadata, spec } = object;
      if (metadata.namespace !== ref.namespace || spec.vmiName !== ref.name) continue;
      byUid.set(metadata.uid, [...(byUid.get(metadata.uid) ?? []), object]);
    }
    // A collected one is of an earlier story.
    return [...byUid.values()].filter(([first]) => first?.status === undefined);
  };
  return { ...story, restore: run.restore };
}

/** `True PausedByUser`, or a dash where there is no such condition. */
export const conditionOf =
  (type: string) =>
  ({
    status,
  }: {
    readonly status?: { readonly conditions?: readonly { type: string; status: string; reason?: string }[] } | undefined;
  }): string => {
    const found = status?.conditions?.find((condition) => condition.type === type);
    return found === undefined ? '-' : [found.status, found.reason].filter((part) => part !== undefined).join(' ');
  };
