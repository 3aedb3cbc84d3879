/** The outcome in a query: what the buttons over the list of migrations write into the search box. Pure. */
import type { Outcome } from '../../core/model.ts';
import { formatQuery, type Query } from '../search/query.ts';

type Terms = Pick<Query, 'terms'>;

/** The outcomes that are asked for; none where all are as good. */
export const outcomesIn = ({ terms }: Terms): string[] =>
  terms.flatMap(({ key, isNot, values }) => (key === 'outcome' && !isNot ? values.map(([value]) => value) : []));

/** The same query for another outcome; null: for any. */
export function withOutcome({ terms }: Terms, outcome: Outcome | null): string {
  const others = terms.filter(({ key }) => key !== 'outcome');
  return formatQuery({ terms: outcome === null ? others : [...others, { isNot: false, key: 'outcome', values: [[outcome]] }] });
}
