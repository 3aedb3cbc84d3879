/** What the board's cards are: hosts, hosts under their zones, or groups of VMs that are not hosts. As the address says it. Pure. */
import type { Vm } from '../../core/model.ts';

export type Grouping =
  | { readonly by: 'host' }
  | { readonly by: 'zone' }
  | { readonly by: 'namespace' }
  /** `key`: of a label. */
  | { readonly by: 'label'; readonly key: string }
  /** All VMs in one card. */
  | { readonly by: 'none' };

export const PLAIN_GROUPINGS = ['host', 'zone', 'namespace', 'none'] as const;
const LABEL = 'label:';

/** What is not known is the usual one. */
export function parseGrouping(text: string): Grouping {
  if (text.startsWith(LABEL) && text.length > LABEL.length) return { by: 'label', key: text.slice(LABEL.length) };
  return { by: PLAIN_GROUPINGS.find((known) => known === text) ?? 'host' };
}

/** Empty for the usual one. */
export const formatGrouping = (grouping: Grouping): string =>
  grouping.by === 'label' ? LABEL + grouping.key : grouping.by === 'host' ? '' : grouping.by;

/** Whether the cards are hosts. */
export const hasHostCards = ({ by }: Grouping): boolean => by === 'host' || by === 'zone';

/** Where the cards are groups: the one group that a VM is in. Null for VMs that have no such label, and for the group of all. */
export function groupOf({ namespace, labels }: Pick<Vm, 'namespace' | 'labels'>, grouping: Grouping): string | null {
  if (grouping.by === 'namespace') return namespace;
  if (grouping.by !== 'label' || labels === undefined || !Object.hasOwn(labels, grouping.key)) return null;
  return labels[grouping.key] ?? null;
}

/** The names under the heading of each zone; those without one, or with an empty one, come last. */
export function groupByZone<Name>(
  names: readonly Name[],
  zoneOf: (name: Name) => string | undefined,
  compare: (a: string, b: string) => number,
): readonly { readonly zone: string | null; readonly names: readonly Name[] }[] {
  const zones = new Map<string | null, Name[]>();
  for (const name of names) {
    const zone = zoneOf(name) || null;
    const known = zones.get(zone);
    if (known === undefined) zones.set(zone, [name]);
    else known.push(name);
  }
  return [...zones]
    .map(([zone, own]) => ({ zone, names: own }))
    .sort((a, b) => (a.zone === null ? 1 : b.zone === null ? -1 : compare(a.zone, b.zone)));
}
