/**
 * A step: one object update, as a pure function of the object that stands there. The cluster applies steps to its own store;
 * whoever wants to replay the same story against a real API server applies the same steps there.
 */

import type { ObjectStore } from './object-store.ts';
import type {
  ClusterObject,
  ObjectTypes,
  ResourceName,
  VirtualMachine,
  VirtualMachineInstance,
  VirtualMachineInstanceMigration,
} from './objects.ts';

/** What a step may look at besides the object it changes: the other objects of the same VM as they are now. */
export interface StepContext {
  readonly nowMs: number;
  readonly vm: VirtualMachine | undefined;
  readonly vmi: VirtualMachineInstance | undefined;
  readonly vmim: VirtualMachineInstanceMigration | undefined;
  /** The scheduler's choice, for a step with `schedules`. */
  readonly host: string | null;
}

export interface StepOf<R extends ResourceName, Name extends string = string> {
  readonly name: Name;
  /** Row of the migration timeline (migration-timeline.ts), 1 to 14; 0 off the table. */
  readonly row: number;
  readonly resource: R;
  readonly namespace: string;
  readonly objectName: string;
  /** `update-status` writes through the status subresource where the resource has one; `delete` is a DELETE request. */
  readonly verb: 'create' | 'update' | 'update-status' | 'delete';
  /** It needs a host with room; without one it waits. */
  readonly schedules?: boolean;
  /**
   * The whole object as it is to be. `current` is undefined for `create` only; a step whose result is `current` itself, or whose
   * object is gone, makes nothing visible and is skipped. Not called for `delete`.
   */
  apply(current: ObjectTypes[R] | undefined, context: StepContext): ObjectTypes[R] | undefined;
}

export type Step<Name extends string = string> = StepOf<ResourceName, Name>;

/** The change a step made; null when there was nothing to change. */
export function applyStep<R extends ResourceName>(
  store: ObjectStore,
  step: StepOf<R>,
  context: StepContext,
): { readonly object: ClusterObject | undefined } | null {
  const current = store.get(step.resource, step.namespace, step.objectName);
  if (step.verb === 'create') {
    const object = current === undefined ? step.apply(undefined, context) : undefined;
    return object === undefined ? null : { object: store.create(step.resource, object) };
  }
  if (current === undefined) return null;
  if (step.verb === 'delete') {
    const left = store.remove(step.resource, step.namespace, step.objectName);
    return left === current ? null : { object: left };
  }
  const next = step.apply(current, context);
  return next === undefined || next === current ? null : { object: store.update(step.resource, next) };
}
