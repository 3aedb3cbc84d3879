/** In which order the clusters stand, and how it holds still while somebody points at them. Pure. */
import type { ClusterName } from '../../core/model.ts';
import { compareTrouble, type FleetCard, nameOf, STANDINGS, type Standing } from './fleet-card.ts';
import type { FleetQuery } from './fleet-query.ts';

export interface Section {
  /** Null where they are not grouped. */
  readonly standing: Standing | null;
  readonly names: readonly ClusterName[];
}

// As for hosts (board.ts): the language must not change the order.
const { compare } = new Intl.Collator('en', { numeric: true });

/** `cards`: those that are to be shown. By trouble, the worst comes first, and among equals it is by name. Empty sections are left out. */
export function selectSections(cards: readonly FleetCard[], { sort, group }: Pick<FleetQuery, 'sort' | 'group'>): Section[] {
  if (cards.length === 0) return [];
  const named = cards.toSorted(byName);
  if (group === 'none' && sort === 'name') return [{ standing: null, names: namesOf(named) }];
  const sections = STANDINGS.map((standing) => {
    const own = named.filter((card) => card.standing === standing);
    // Of clusters that are silent nobody knows which is worse.
    return { standing, names: namesOf(sort === 'trouble' && standing === 'attention' ? own.toSorted(compareTrouble) : own) };
  });
  if (group === 'none') return [{ standing: null, names: sections.flatMap(({ names }) => names) }];
  return sections.filter(({ names }) => names.length > 0);
}

const namesOf = (cards: readonly FleetCard[]): ClusterName[] => cards.map(({ summary }) => summary.cluster);

const byName = (a: FleetCard, b: FleetCard): number =>
  compare(nameOf(a.summary), nameOf(b.summary)) || compare(a.summary.cluster, b.summary.cluster);

/**
 * What is shown, with every card in its place, also of those that would not be found any more: `known` are all that there are, the others are
 * left out. Those of `next` that are not shown yet stand at the end of their section.
 */
export function holdSections(shown: readonly Section[], known: ReadonlySet<ClusterName>, next: readonly Section[]): Section[] {
  const there = new Set(shown.flatMap(({ names }) => names));
  const held = shown.map(({ standing, names }) => ({ standing, names: names.filter((name) => known.has(name)) }));
  for (const { standing, names } of next) {
    const coming = names.filter((name) => !there.has(name));
    const own = held.find((section) => section.standing === standing);
    if (own === undefined) held.push({ standing, names: coming });
    else own.names = [...own.names, ...coming];
  }
  return held.filter(({ names }) => names.length > 0);
}
