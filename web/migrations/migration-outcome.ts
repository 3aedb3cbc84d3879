/** The outcome in a query: what the buttons over the list of migrations write into the search box, and read in it. Pure. */
import type { Outcome } from '../../core/model.ts';
import { formatQuery, type Query } from '../search/query.ts';

type Terms = Pick<Query, 'terms'>;

/** Which outcome is asked for; null where all are as good, undefined where it is none, or not just one. */
export function outcomeIn({ terms }: Terms): string | null | undefined {
  const [asked, ...others] = terms.filter(({ key }) => key === 'outcome');
  if (asked === undefined) return null;
  const [value, ...more] = asked.values.flat();
  return others.length + more.length === 0 && !asked.isNot ? value : undefined;
}

/** The same query for another outcome; null: for any. */
export function withOutcome({ terms }: Terms, outcome: Outcome | null): string {
  const others = terms.filter(({ key }) => key !== 'outcome');
  return formatQuery({ terms: outcome === null ? others : [...others, { isNot: false, key: 'outcome', values: [[outcome]] }] });
}
