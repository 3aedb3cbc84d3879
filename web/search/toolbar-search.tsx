import { useEffect, useMemo, useRef } from 'preact/hooks';
import { useFilter, useVmCount } from '../board/picture-tools.ts';
import { useSession } from '../page/context.ts';
import { MAX_QUERY_CHARS } from '../page/page-state.ts';
import { usePageState } from '../page/page-state-model.ts';
import { FOLDED } from '../settings/roving-focus.ts';
import { useLateWords } from '../words/late-words.ts';
import { SEARCH_BOX } from './search-box.ts';
import { SearchHelp } from './toolbar-help.tsx';
import { SEARCH_PROBLEMS } from './toolbar-problems.tsx';

const FOUND = 'search-found';
/** Cards that are folded are passed by. */
const FIRST_FOUND = `.board [data-vm]:not([data-dimmed], ${FOLDED}) button`;

/** Each key is looked for at once. Esc clears the box, then leaves it; Enter goes to the first VM that was found. */
export function SearchBox() {
  const filter = useFilter();
  const { search } = useLateWords();
  // What was typed last is in the address of a page that is reloaded.
  useEffect(() => {
    addEventListener('pagehide', filter.settle);
    return () => removeEventListener('pagehide', filter.settle);
  }, [filter]);
  function press(event: KeyboardEvent): void {
    // An input method's own keys.
    if (event.isComposing) return;
    if (event.key === 'Enter') {
      event.preventDefault();
      filter.settle();
      if (filter.isActive.peek()) document.querySelector<HTMLElement>(FIRST_FOUND)?.focus();
    }
    if (event.key !== 'Escape') return;
    event.preventDefault();
    event.stopPropagation();
    if (filter.text.peek() === '') (event.currentTarget as HTMLElement).blur();
    else filter.type('');
  }
  return (
    <search class="find">
      <div class="find-box">
        <input
          id={SEARCH_BOX}
          type="text"
          inputMode="search"
          enterkeyhint="search"
          autocomplete="off"
          autocapitalize="off"
          spellcheck={false}
          maxLength={MAX_QUERY_CHARS}
          aria-label={search.label}
          aria-describedby={`${FOUND} ${SEARCH_PROBLEMS}`}
          placeholder={search.placeholder}
          value={filter.text.value}
          onInput={({ currentTarget, isComposing }) => isComposing || filter.type(currentTarget.value)}
          onCompositionEnd={({ currentTarget }) => filter.type(currentTarget.value)}
          onKeyDown={press}
          onBlur={filter.settle}
        />
        <span id={FOUND} class="find-count">
          <FoundCount />
        </span>
      </div>
      <FoundSaid />
      <SearchHelp />
    </search>
  );
}

/** How many VMs match, of all. The list of migrations counts those. */
export function FoundCount() {
  const filter = useFilter();
  const { search } = useLateWords();
  const { state } = usePageState();
  const vms = useVmCount();
  // Where there is no VM at all, that is what is said.
  if (!filter.isActive.value || state.value.picture === 'migrations' || vms === 0) return null;
  const found = filter.found.value;
  return (
    <span class="find-found" data-none={found === 0 || undefined}>
      {search.found(found, vms)}
    </span>
  );
}

/** The same to who listens: once, when typing rests, for the number changes with the cluster. */
function FoundSaid() {
  const filter = useFilter();
  const { cluster } = useSession();
  const { search } = useLateWords();
  const { state } = usePageState();
  const { query, picture } = state.value;
  const isAsked = useRef(false);
  const said = useMemo(() => {
    const isSaid = isAsked.current && picture !== 'migrations' && filter.isActive.peek();
    // What the page was opened with is there to be read.
    isAsked.current = true;
    return isSaid ? search.foundSaid(filter.found.peek(), cluster.counts.peek().vms) : '';
  }, [query]);
  return (
    <p class="unseen" role="status">
      {said}
    </p>
  );
}
