/**
 * Which migrations a query of the search box is about (query.ts). What says something of a migration is looked for in the migration; the rest
 * in its VM, as it is painted. Pure.
 */
import type { MigrationRecord } from '../../core/history.ts';
import { causeOf, type Vm, type VmId } from '../../core/model.ts';
import type { Query, Term } from '../search/query.ts';
import type { QueryKey } from '../search/query-keys.ts';
import { compileQuery, hostNames, type QuerySurroundings } from '../search/query-match.ts';
import { compileNames, compileTerms, type Test } from '../search/query-terms.ts';
import { foldPattern, foldText, matchesPattern, type Pattern } from '../search/query-text.ts';
import type { RunningMove } from './migration-list.ts';

/** A migration that is over, or is under way. */
export type MoveRow = RunningMove | MigrationRecord;

export interface MoveSurroundings extends QuerySurroundings {
  /** As painted; undefined where the cluster has it no more. */
  vm(id: VmId): Vm | undefined;
}

/** Null where a query asks for nothing. */
export const compileMoveQuery = (query: Pick<Query, 'terms'>, surroundings: MoveSurroundings): Test<MoveRow> | null =>
  compileTerms(query, (term) => compileTerm(term, surroundings));

function compileTerm(term: Term, surroundings: MoveSurroundings): Test<MoveRow> {
  const { key, values } = term;
  if (key === null) return compileText(values, surroundings);
  const read = READ[key];
  if (read !== undefined) return compileNames(values, (row) => read(row, surroundings));
  const ofVm = compileQuery({ terms: [{ ...term, isNot: false }] }, surroundings);
  return (row) => {
    const vm = surroundings.vm(row.vm);
    return vm !== undefined && ofVm?.matches(vm) === true;
  };
}

/** Free text is part of the VM's name, a host's, or the reason; with wildcards it is the whole of a name. */
function compileText(values: readonly Pattern[], surroundings: MoveSurroundings): Test<MoveRow> {
  const patterns = values.map(foldPattern);
  return (row) => {
    const names = [row.vm, ...namesOf(row, surroundings), ...hostsOf(row, surroundings)].map(foldText);
    const reason = 'outcome' in row ? [foldText(row.reason ?? row.trouble ?? '')] : [];
    return patterns.some((pattern) =>
      pattern.length === 1
        ? [...names, ...reason].some((text) => text.includes(pattern[0]))
        : names.some((name) => matchesPattern(pattern, name)),
    );
  };
}

type Read = (row: MoveRow, surroundings: MoveSurroundings) => readonly string[];

const namespaceOf = ({ vm }: MoveRow): string => vm.slice(0, vm.indexOf('/'));
const namesOf: Read = ({ vm }, surroundings) => {
  const displayName = surroundings.vm(vm)?.displayName;
  const name = vm.slice(vm.indexOf('/') + 1);
  return displayName === undefined ? [name] : [name, displayName];
};
const hostsOf: Read = ({ from, to }, surroundings) => hostNames(surroundings, from, to);

/** `host:` is either end. */
const READ: Readonly<Partial<Record<QueryKey, Read>>> = {
  name: namesOf,
  ns: (row) => [namespaceOf(row)],
  host: hostsOf,
  to: ({ to, requested }, surroundings) => hostNames(surroundings, to ?? requested),
  cause: (row) => [('outcome' in row ? row : causeOf(row)).cause],
  outcome: (row) => ('outcome' in row ? [row.outcome] : []),
  stage: (row) => ('outcome' in row ? [] : [row.stage]),
};
