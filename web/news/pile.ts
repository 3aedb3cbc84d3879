/**
 * What has happened and is to be told together. Of each VM and host it has the newest of a kind that matters, so that it is no larger than
 * the cluster however long it grows, and says what became of something rather than all that it went through. Pure.
 */
import type { Happening } from './happenings.ts';

export type Pile = ReadonlyMap<string, Happening>;

export const EMPTY_PILE: Pile = new Map();

/** With these, in their order; each takes the place of what it makes old. */
export function addToPile(pile: Pile, happenings: Iterable<Happening>): Pile {
  const next = new Map(pile);
  for (const happening of happenings) {
    const key = keyOf(happening);
    next.delete(key);
    if (isEnd(happening)) next.delete(startKeyOf(happening.vm));
    next.set(key, happening);
  }
  return next;
}

/** Without what does not hold any more; the same one where all of it does. */
export function sift(pile: Pile, holds: (happening: Happening) => boolean): Pile {
  const kept = [...pile].filter(([, happening]) => holds(happening));
  return kept.length === pile.size ? pile : new Map(kept);
}

export const itemsOf = (pile: Pile): readonly Happening[] => [...pile.values()];

/** How a migration went. */
export type End = Extract<Happening, { readonly kind: 'moved' | 'failed' | 'aborted' | 'ended' }>;

export const isEnd = (happening: Happening): happening is End =>
  happening.kind === 'moved' || happening.kind === 'failed' || happening.kind === 'aborted' || happening.kind === 'ended';

const startKeyOf = (vm: string): string => `start ${vm}`;

function keyOf(happening: Happening): string {
  switch (happening.kind) {
    case 'started':
      return startKeyOf(happening.vm);
    case 'danger':
      return `danger ${happening.danger} ${happening.vm}`;
    case 'down':
    case 'up':
      return `host ${happening.host}`;
    case 'drained':
    case 'maintained':
    case 'unsafe':
      return `drain ${happening.host}`;
    default:
      return `end ${happening.vm}`;
  }
}
