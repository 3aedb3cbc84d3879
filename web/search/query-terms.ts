/** How the terms of a query are asked of anything that has names: a VM, a migration. Pure. */
import type { Query, Term } from './query.ts';
import { foldPattern, foldText, isAnything, matchesPattern, type Pattern } from './query-text.ts';

export type Test<Subject> = (subject: Subject) => boolean;

/** All of them must hold. Null where a query asks for nothing. */
export function compileTerms<Subject>({ terms }: Pick<Query, 'terms'>, compile: (term: Term) => Test<Subject>): Test<Subject> | null {
  if (terms.length === 0) return null;
  const tests = terms.map((term) => {
    const test = compile(term);
    return term.isNot ? (subject: Subject) => !test(subject) : test;
  });
  return (subject) => tests.every((test) => test(subject));
}

/** One of the names is as one of the values has it; `fits` is asked with both folded. */
export function compileNames<Subject>(
  values: readonly Pattern[],
  read: (subject: Subject) => readonly string[],
  fits: (pattern: Pattern, name: string) => boolean = matchesPattern,
): Test<Subject> {
  const patterns = values.map(foldPattern);
  const isAbsent = patterns.some((pattern) => pattern.length === 1 && pattern[0] === '');
  const isPresent = patterns.some(isAnything);
  return (subject) => {
    const names = read(subject);
    if (names.length === 0) return isAbsent;
    return isPresent || names.map(foldText).some((name) => patterns.some((pattern) => fits(pattern, name)));
  };
}
