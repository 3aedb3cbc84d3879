/** One update of one object in the store, as something that was made visible. */
import type { Clock } from './clock.ts';
import type { ObjectStore } from './object-store.ts';
import type { ObjectTypes, ResourceName } from './objects.ts';
import type { StepReport, VmRef } from './types.ts';

/** Null where the object is gone, or where nothing changes. */
export type Patch = <R extends ResourceName>(
  resource: R,
  ref: Partial<VmRef> & { readonly name: string },
  step: string,
  change: (object: ObjectTypes[R], nowMs: number) => ObjectTypes[R],
) => StepReport | null;

export const createPatch =
  (store: ObjectStore, clock: Clock): Patch =>
  (resource, { namespace, name }, step, change) => {
    const current = store.get(resource, namespace, name);
    if (current === undefined) return null;
    const next = change(current, clock.now());
    return next === current ? null : { name: step, row: 0, verb: 'update', resource, object: store.update(resource, next) };
  };
