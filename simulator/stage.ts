/**
 * Where a scenario plays: the cluster, who takes part, and the ways to make its next object update. Everything here is lazy: nothing
 * becomes visible before the scenario's generator is asked for its next report.
 */
import { formatVm } from './engine.ts';
import type { ClusterObject, ObjectTypes, ResourceName, VirtualMachine as Vm, VirtualMachineInstance as Vmi } from './objects.ts';
import { createPatch, type Patch } from './patch.ts';
import type { Traits } from './traits.ts';
import type { Cluster, Move, Playable, StepReport, Updates, VmRef } from './types.ts';
import { condition, setCondition } from './vm-objects.ts';

export type { Updates };

/** Who takes part. Of a scenario in which a VM moves the hosts are where it is, and where it goes. */
export interface Subjects {
  readonly vms: readonly VmRef[];
  readonly hosts: readonly string[];
}

type Change<R extends ResourceName> = (object: ObjectTypes[R], nowMs: number) => ObjectTypes[R];

export interface Stage {
  readonly cluster: Cluster;
  readonly traits: Traits;
  readonly subjects: Subjects;
  /** The first of the subjects. */
  readonly vm: VmRef;
  readonly host: string;
  /** How long the story has taken, as it plays on the clock at speed 1: what a scenario counts time by. */
  readonly elapsedMs: number;
  readonly nowMs: number;

  vmOf(vm: VmRef): Vm;
  vmiOf(vm: VmRef): Vmi;

  /** All updates of a move, a change, a drain. */
  through(playable: Playable): Updates;
  /** Those up to and including a step. */
  until(move: Move, name: NonNullable<Move['at']>): Updates;
  /** Several at once, in turns. */
  together(playables: readonly Playable[]): Updates;
  /** Nothing happens for a while. */
  pause(turns: number): Updates;
  /** A while in which the move is asked again and again, and cannot go on. */
  wait(move: Move, turns: number): Updates;

  /** One update of one object; null where it is gone, or where nothing changes. */
  readonly patch: Patch;
  patchVm(vm: VmRef, step: string, change: Change<'virtualmachines'>): StepReport | null;
  patchVmi(vm: VmRef, step: string, change: Change<'virtualmachineinstances'>): StepReport | null;
  patchVmim(vmim: VmRef, step: string, change: Change<'virtualmachineinstancemigrations'>): StepReport | null;
  patchNode(host: string, step: string, change: Change<'nodes'>): StepReport | null;
  patchPod(pod: VmRef, step: string, change: Change<'pods'>): StepReport | null;
  create<R extends ResourceName>(resource: R, step: string, object: ObjectTypes[R]): StepReport;
  /** A DELETE: with finalizers the object stays, marked. */
  remove(resource: ResourceName, ref: Partial<VmRef> & { name: string }, step: string): StepReport | null;
}

export function createStage(cluster: Cluster, subjects: Subjects, readElapsedMs: () => number): Stage {
  const { store, clock } = cluster;
  const report = (name: string, verb: StepReport['verb'], resource: ResourceName, object: ClusterObject | undefined): StepReport => ({
    name,
    row: 0,
    verb,
    resource,
    object,
  });
  const first = <T>(list: readonly T[], what: string): T => {
    const [found] = list;
    if (found === undefined) throw new Error(`this scenario has no ${what}`);
    return found;
  };
  const must = <T>(found: T | undefined, what: string): T => {
    if (found === undefined) throw new Error(`there is no ${what}`);
    return found;
  };

  const stage: Stage = {
    cluster,
    traits: cluster.traits,
    subjects,
    get vm() {
      return first(subjects.vms, 'VM');
    },
    get host() {
      return first(subjects.hosts, 'host');
    },
    get elapsedMs() {
      return readElapsedMs();
    },
    get nowMs() {
      return clock.now();
    },
    vmOf: (vm) => must(store.get('virtualmachines', vm.namespace, vm.name), `VM ${formatVm(vm)}`),
    vmiOf: (vm) => must(store.get('virtualmachineinstances', vm.namespace, vm.name), `VMI ${formatVm(vm)}`),

    *through(playable) {
      while (!playable.done) {
        const made = playable.step();
        if (made !== null || !playable.done) yield made;
      }
    },
    *until(move, name) {
      while (!move.done && move.remaining.includes(name)) yield move.step();
    },
    *together(playables) {
      let left = playables.filter(({ done }) => !done);
      while (left.length > 0) {
        let hasMoved = false;
        for (const playable of left) {
          const made = playable.step();
          hasMoved ||= made !== null || playable.done;
          if (made !== null) yield made;
        }
        if (!hasMoved) yield null;
        left = left.filter(({ done }) => !done);
      }
    },
    *pause(turns) {
      for (let turn = 0; turn < turns; turn += 1) yield null;
    },
    *wait(move, turns) {
      for (let turn = 0; turn < turns; turn += 1) yield move.step();
    },

    patch: createPatch(store, clock),
    patchVm: (vm, step, change) => stage.patch('virtualmachines', vm, step, change),
    patchVmi: (vm, step, change) => stage.patch('virtualmachineinstances', vm, step, change),
    patchVmim: (vmim, step, change) => stage.patch('virtualmachineinstancemigrations', vmim, step, change),
    patchNode: (name, step, change) => stage.patch('nodes', { name }, step, change),
    patchPod: (pod, step, change) => stage.patch('pods', pod, step, change),
    create: (resource, step, object) => report(step, 'create', resource, store.create(resource, object)),
    remove(resource, { namespace, name }, step) {
      if (store.get(resource, namespace, name) === undefined) return null;
      return report(step, 'delete', resource, store.remove(resource, namespace, name));
    },
  };
  return stage;
}

export const vmimOf = ({ namespace, vmimName }: Move): VmRef => ({ namespace, name: vmimName });

/** A condition of a VM set, which KubeVirt mirrors from its VMI. */
export const setVmCondition = (vm: Vm, type: string, status: 'True' | 'False', nowMs: number, reason?: string, message?: string): Vm => ({
  ...vm,
  status: { ...vm.status, conditions: setCondition(vm.status.conditions, condition(type, status, nowMs, reason, message)) },
});

export const removeVmCondition = (vm: Vm, type: string): Vm => ({
  ...vm,
  status: { ...vm.status, conditions: (vm.status.conditions ?? []).filter((found) => found.type !== type) },
});

export const setVmPrintable = (vm: Vm, printableStatus: string): Vm => ({ ...vm, status: { ...vm.status, printableStatus } });
