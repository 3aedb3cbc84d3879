import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useMemo } from 'preact/hooks';
import { usePictureTools } from '../board/picture-tools.ts';
import { usePage, useSession } from '../page/context.ts';
import { usePageState } from '../page/page-state-model.ts';
import { useLateWords } from '../words/late-words.ts';
import { valueWordsOf } from '../words/value-words.ts';
import { createAdvice } from './advice-model.ts';
import type { Advice } from './filter-advice.ts';
import { formatQuery, type QueryProblem, quoteValue, replaceIn } from './query.ts';
import { isListKey } from './query-keys.ts';
import { focusSearchBox } from './search-box.ts';

export const SEARCH_PROBLEMS = 'search-problems';
/** An address can have hundreds. */
const SHOWN_COUNT = 4;

/** What of a search was not understood, or is nobody's, with what may have been meant. */
export function SearchProblems() {
  const { cluster } = useSession();
  const { filter, picture } = usePictureTools();
  const { search } = useLateWords();
  const { state } = usePageState();
  const problems = filter.query.value.problems;
  const model = useMemo(
    () => createAdvice({ cluster, filter, picture, state, now: () => performance.now() }),
    [cluster, filter, picture, state],
  );
  useLayoutEffect(model.start, [model]);
  const advice = model.advice.value;
  // The table says so in its place.
  const isSaid = model.isEmpty.value && state.value.picture !== 'table';
  if (problems.length + advice.length === 0 && !isSaid) return null;
  return (
    <ul id={SEARCH_PROBLEMS} class="search-problems">
      {problems.slice(0, SHOWN_COUNT).map((problem) => (
        <ProblemLine key={`${problem.kind} ${problem.start}`} problem={problem} />
      ))}
      {problems.length > SHOWN_COUNT && <li>{search.problem.more(problems.length - SHOWN_COUNT)}</li>}
      {advice.map((each, index) => (
        <AdviceLine key={index} advice={each} />
      ))}
      {isSaid && (
        <li>
          {search.nothing} <Choice query="">{search.clearAll}</Choice>
        </li>
      )}
    </ul>
  );
}

function ProblemLine({ problem }: { readonly problem: QueryProblem }) {
  const { search } = useLateWords();
  const { filter } = usePictureTools();
  const told = search.problem;
  const text = filter.text.value;
  switch (problem.kind) {
    case 'open-quote':
      return <li>{told.openQuote}</li>;
    case 'unknown-key':
      return (
        <li>
          {told.unknownKey(problem.word)}
          {problem.nearest !== null && (
            <>
              {' '}
              {told.meant} <Choice query={replaceIn(text, problem, problem.nearest)}>{`${problem.nearest}:`}</Choice>
            </>
          )}
        </li>
      );
    case 'unknown-value':
      return (
        <li>
          {told.unknownValue(problem.key, problem.word)} {told.thereIs} <KnownValues problem={problem} />
        </li>
      );
    case 'no-value':
      return (
        <li>
          {problem.known.length === 0 ? told.noName(problem.key) : told.noValue(problem.key)} <KnownValues problem={problem} />
        </li>
      );
  }
}

function KnownValues({ problem }: { readonly problem: Extract<QueryProblem, { readonly known: readonly string[] }> }) {
  const { settings } = usePage();
  const { filter } = usePictureTools();
  const { key } = problem;
  if (!isListKey(key)) return null;
  const words: Readonly<Record<string, string>> = valueWordsOf(settings)[key];
  return problem.known.map((value) => (
    <Choice key={value} query={replaceIn(filter.text.value, problem, value)}>
      {words[value] ?? value}
    </Choice>
  ));
}

function AdviceLine({ advice }: { readonly advice: Advice }) {
  const { search } = useLateWords();
  const told = search.problem;
  if (advice.kind === 'other-cluster') return <li>{told.otherCluster(advice.word)}</li>;
  const { key, word, near } = advice;
  return (
    <li>
      {told.noSuch(key, quoteValue(word))} {near.length > 0 && told.thereIs}{' '}
      {near.map((each) => (
        <Choice key={each.word} query={formatQuery(each.query)}>
          {each.word}
        </Choice>
      ))}
    </li>
  );
}

/** Another query instead; typing goes on in the box. */
export function Choice({ query, children }: { readonly query: string; readonly children: ComponentChildren }) {
  const { filter } = usePictureTools();
  return (
    <button
      type="button"
      class="find-choice"
      onClick={() => {
        filter.type(query);
        filter.settle();
        focusSearchBox();
      }}
    >
      {children}
    </button>
  );
}
