/** What the address of the fleet says: `/?q=…&sort=name&group=none`. Bad input is ignored: addresses are typed by hand. Pure. */
import type { FleetCard } from './fleet-card.ts';

/** The first of each is the usual one, and not written. */
export const FLEET_SORTS = ['trouble', 'name'] as const;
export const FLEET_GROUPS = ['trouble', 'none'] as const;

export interface FleetQuery {
  /** As it was typed. */
  readonly text: string;
  readonly sort: (typeof FLEET_SORTS)[number];
  readonly group: (typeof FLEET_GROUPS)[number];
}

/** Longer ones are no search any more, and an address has its own limit. */
const MAX_TEXT_CHARS = 200;

/** `search` as in `location.search`. */
export function parseFleetQuery(search: string): FleetQuery {
  const params = new URLSearchParams(search);
  const oneOf = <Value extends string>(values: readonly [Value, ...Value[]], key: string): Value =>
    values.find((value) => value === params.get(key)) ?? values[0];
  return {
    text: (params.get('q') ?? '').slice(0, MAX_TEXT_CHARS),
    sort: oneOf(FLEET_SORTS, 'sort'),
    group: oneOf(FLEET_GROUPS, 'group'),
  };
}

export function formatFleetQuery({ text, sort, group }: FleetQuery): string {
  const params = new URLSearchParams();
  if (text.trim() !== '') params.set('q', text);
  if (sort !== FLEET_SORTS[0]) params.set('sort', sort);
  if (group !== FLEET_GROUPS[0]) params.set('group', group);
  const search = params.toString();
  return search === '' ? '' : `?${search}`;
}

/** The reader's words for what a card says, by which it can be found. */
export interface CardWords {
  readonly standing: (standing: FleetCard['standing']) => string;
  readonly freshness: (freshness: FleetCard['freshness']) => string;
  readonly underWay: string;
  readonly failed: string;
}

/** Whether every word that was typed is part of a name of the cluster or of what its card says. */
export function matchesCard({ summary, freshness, standing, hour }: FleetCard, text: string, words: CardWords): boolean {
  const terms = normalize(text).split(/\s+/).filter(Boolean);
  if (terms.length === 0) return true;
  const said = [
    summary.cluster,
    summary.displayName ?? '',
    freshness,
    words.freshness(freshness),
    words.standing(standing),
    summary.transits > 0 && freshness !== 'unknown' ? words.underWay : '',
    hour.failed > 0 && freshness === 'live' ? words.failed : '',
  ].map(normalize);
  return terms.every((term) => said.some((part) => part.includes(term)));
}

/** Whether it is typed in the language of a board's search (query.ts), of which this filter knows nothing: `state:stale`, `-harvester`. */
export const isBoardLanguage = (text: string): boolean => /(^|\s)([-!－！]\S|\p{L}[\p{L}-]*[:：])/u.test(text);

const normalize = (text: string): string => text.normalize('NFKC').toLowerCase();
