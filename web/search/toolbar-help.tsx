import { useRef } from 'preact/hooks';
import { useFilter } from '../board/picture-tools.ts';
import { usePage, useWords } from '../page/context.ts';
import { useLateWords } from '../words/late-words.ts';
import { valueWordsOf } from '../words/value-words.ts';
import { isListKey, listOf } from './query-keys.ts';
import { focusSearchBox } from './search-box.ts';

const HELP = 'search-help';

/** The query language in a popover: what can be typed, what it means, and the values of lists. */
export function SearchHelp() {
  const { search } = useLateWords();
  const help = search.language;
  const popover = useRef<HTMLDivElement>(null);
  const filter = useFilter();
  function take(example: string): void {
    popover.current?.hidePopover();
    filter.type(example);
    filter.settle();
    focusSearchBox();
  }
  return (
    <>
      <button type="button" class="find-help" popovertarget={HELP} aria-label={search.help} title={search.help}>
        ?
      </button>
      <div ref={popover} id={HELP} class="panel help search-help" popover="auto">
        <header class="help-head">
          <h2>{help.title}</h2>
          <button type="button" class="quiet close" popovertarget={HELP} popovertargetaction="hide" aria-label={search.close}>
            ✕
          </button>
        </header>
        <p>{help.intro}</p>
        <dl>
          {help.rows.map(([example = '', meaning = '']) => (
            <div key={example}>
              <dt>
                <button type="button" class="find-choice" onClick={() => take(example)}>
                  {example}
                </button>
              </dt>
              <dd>
                {meaning}
                <Values of={example.split(':')[0] ?? ''} />
              </dd>
            </div>
          ))}
        </dl>
      </div>
    </>
  );
}

function Values({ of: key }: { readonly of: string }) {
  const { settings } = usePage();
  const { formats } = useWords();
  if (!isListKey(key)) return null;
  const words: Readonly<Record<string, string>> = valueWordsOf(settings)[key];
  return (
    <span class="search-values">
      {formats.list(
        listOf(key).map((value) => (words[value] === value || words[value] === undefined ? value : `${value} (${words[value]})`)),
      )}
    </span>
  );
}
