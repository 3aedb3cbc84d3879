/** Which VMs a query is about. Pure. */
import { drainPartOf } from '../../core/drain-part.ts';
import { entry } from '../../core/entry.ts';
import { lanesOf } from '../../core/lanes.ts';
import { causeOf, type Host, type HostName, type Vm } from '../../core/model.ts';
import { needsPerson } from '../board/board.ts';
import type { Query, Term } from './query.ts';
import { isListKey, type ListKey, type Mark, type NameKey } from './query-keys.ts';
import { compileNames, compileTerms, type Test } from './query-terms.ts';
import { foldPattern, foldText, matchesPattern, type Pattern } from './query-text.ts';

/** What is looked at besides the VM itself. */
export interface QuerySurroundings {
  host(name: HostName): Host | undefined;
  /** The name and the display name of the cluster that is open. */
  readonly cluster: readonly string[];
}

export interface Matcher {
  matches(vm: Vm): boolean;
  /** The answers depend on what is known of hosts, too ({@link hostFactsOf}). */
  readonly readsHosts: boolean;
}

/** Null where a query asks for nothing: every VM is as good as the other. */
export function compileQuery(query: Pick<Query, 'terms'>, surroundings: QuerySurroundings): Matcher | null {
  const matches = compileTerms<Vm>(query, (term) => compileTerm(term, surroundings));
  return matches && { matches, readsHosts: query.terms.some(readsHosts) };
}

const readsHosts = ({ key, values }: Term): boolean =>
  key === 'host' || key === 'to' || key === 'zone' || (key === 'is' && values.some(([value]) => value === ('stuck' satisfies Mark)));

/** All that a query can ask of a host, in one text: what else changes about it changes no answer. */
export const hostFactsOf = ({ displayName, zone, drain }: Host): string => JSON.stringify([displayName, zone, drain !== undefined]);

function compileTerm({ key, values }: Term, surroundings: QuerySurroundings): Test<Vm> {
  if (key === null) return compileText(values);
  if (isListKey(key)) {
    const wanted = new Set(values.map(([value]) => value));
    return (vm) => LISTED[key](vm, surroundings).some((value) => wanted.has(value));
  }
  return compileNames(values, (vm) => NAMED[key](vm, surroundings), key === 'label' ? fitsLabel : undefined);
}

/** Free text is part of a name; with wildcards it is the whole of one. */
function compileText(values: readonly Pattern[]): Test<Vm> {
  const tests = values.map(foldPattern).map((pattern) =>
    pattern.length === 1
      ? (vm: Vm) => searchedText(vm).includes(pattern[0])
      : (vm: Vm) =>
          searchedText(vm)
            .split(SEPARATOR)
            .some((name) => matchesPattern(pattern, name)),
  );
  return (vm) => tests.some((test) => test(vm));
}

const SEPARATOR = '\n';
/** A VM is an object that is never changed, so what was made of it once stays. */
const searchedTexts = new WeakMap<Vm, string>();
const searchedText = (vm: Vm): string =>
  entry(searchedTexts, vm, () => foldText([vm.displayName ?? '', vm.name, vm.namespace, vm.id].join(SEPARATOR)));

/** A label may be asked for by its key alone; a pattern with an equals sign is one of key and value. */
const fitsLabel = (pattern: Pattern, label: string): boolean =>
  label.includes('=') === pattern.some((piece) => piece.includes('=')) && matchesPattern(pattern, label);

type Read = (vm: Vm, surroundings: QuerySurroundings) => readonly string[];

const present = (...names: readonly (string | null | undefined)[]): string[] =>
  names.filter((name) => name != null && name !== '') as string[];
/** As they are called in the cluster, and as people call them. */
export const hostNames = ({ host }: QuerySurroundings, ...names: readonly (HostName | null | undefined)[]): string[] =>
  present(...names.flatMap((name) => (name == null ? [] : [name, host(name)?.displayName])));

/** Names are read as they are now. A host's VMs are those on its card: who is there, and who arrives. */
const NAMED: Readonly<Record<NameKey, Read>> = {
  name: ({ name, displayName }) => present(name, displayName),
  ns: ({ namespace }) => [namespace],
  host: (vm, surroundings) => hostNames(surroundings, vm.host, lanesOf(vm).arriving),
  to: ({ transit }, surroundings) => hostNames(surroundings, transit?.to ?? transit?.requested),
  zone: ({ host }, surroundings) => present(host === null ? null : surroundings.host(host)?.zone),
  os: ({ os }) => present(os),
  label: ({ labels }) => Object.entries(labels ?? {}).flatMap(([key, value]) => [key, `${key}=${value}`]),
  cluster: (_, { cluster }) => cluster,
};

/** The migration under way tells its cause, else the last one does. */
const LISTED: Readonly<Record<ListKey, Read>> = {
  state: ({ state }) => [state],
  stage: ({ transit }) => present(transit?.stage),
  cause: ({ transit, lastMigration }) => present(transit === undefined ? lastMigration?.cause : causeOf(transit).cause),
  outcome: ({ lastMigration }) => present(lastMigration?.outcome),
  is: (vm, surroundings) => marksOf(vm, surroundings),
};

/** As the header counts them; `stuck` as the host's card does. */
function marksOf(vm: Vm, { host }: QuerySurroundings): Mark[] {
  const marks: Mark[] = [];
  if (lanesOf(vm).leaving !== null) marks.push('moving');
  if (vm.transit?.stage === 'queued') marks.push('queued');
  if (vm.lastMigration?.outcome === 'failed') marks.push('failed');
  if ((vm.danger ?? []).length > 0) marks.push('danger');
  if (needsPerson(vm)) marks.push('attention');
  if (vm.host !== null && host(vm.host)?.drain !== undefined && drainPartOf(vm, vm.host) === 'stuck') marks.push('stuck');
  return marks;
}
