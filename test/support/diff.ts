/** The difference between two sets of entities, as a frame carries it. */
import { isEqualJson } from '../../core/equal.ts';

export interface EntityChanges<Entity> {
  /** Entities that are new or differ, whole. */
  readonly changed: Entity[];
  /** Keys that are no longer there. */
  readonly gone: string[];
}

export function diffEntities<Entity>(before: ReadonlyMap<string, Entity>, after: ReadonlyMap<string, Entity>): EntityChanges<Entity> {
  const changed: Entity[] = [];
  const gone: string[] = [];
  for (const [key, entity] of after) if (!isEqualJson(before.get(key), entity)) changed.push(entity);
  for (const key of before.keys()) if (!after.has(key)) gone.push(key);
  return { changed, gone };
}
