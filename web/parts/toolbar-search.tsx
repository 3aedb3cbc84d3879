import { useEffect } from 'preact/hooks';
import { useSession } from '../context.ts';
import { useLateWords } from '../late-words.ts';
import { useFilter } from '../models/picture-tools.ts';
import { MAX_QUERY_CHARS } from '../page-state.ts';
import { SEARCH_BOX } from '../search-box.ts';
import { SearchHelp } from './toolbar-help.tsx';

const FOUND = 'search-found';

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
      if (filter.isActive.peek()) document.querySelector<HTMLElement>('.board [data-vm]:not([data-dimmed]) button')?.focus();
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
          aria-describedby={FOUND}
          placeholder={search.placeholder}
          value={filter.text.value}
          onInput={({ currentTarget, isComposing }) => isComposing || filter.type(currentTarget.value)}
          onCompositionEnd={({ currentTarget }) => filter.type(currentTarget.value)}
          onKeyDown={press}
          onBlur={filter.settle}
        />
        <span id={FOUND} class="find-count">
          {filter.isActive.value && <FoundCount />}
        </span>
      </div>
      <SearchHelp />
    </search>
  );
}

/** How many VMs match, of all. */
export function FoundCount() {
  const filter = useFilter();
  const { cluster } = useSession();
  const { search } = useLateWords();
  const found = filter.found.value;
  return (
    <span class="find-found" data-none={found === 0 || undefined}>
      {search.found(found, cluster.counts.value.vms)}
    </span>
  );
}
