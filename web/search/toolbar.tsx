import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { isNarrow } from '../board/narrow-model.ts';
import { useFilter, useVmCount } from '../board/picture-tools.ts';
import { CopyLink } from '../details/copy-link.tsx';
import { ExportMenu } from '../export/export-menu.tsx';
import { HistoryButton } from '../history/history-button.tsx';
import { usePageState } from '../page/page-state-model.ts';
import { provideShortcut } from '../settings/shortcut-model.ts';
import { useLateWords } from '../words/late-words.ts';
import type { FilterModel } from './filter-model.ts';
import { formatQuery } from './query.ts';
import { focusSearchBox } from './search-box.ts';
import { GroupSelect, HideSwitch, SortSelect } from './toolbar-order.tsx';
import { SearchProblems } from './toolbar-problems.tsx';
import { FoundCount, SearchBox } from './toolbar-search.tsx';
import { ViewSwitch } from './toolbar-views.tsx';

/** The line above the picture: which picture it is, what is searched, how it is ordered. What has no room is behind a button. */
export function Toolbar() {
  const { empty, search } = useLateWords();
  const { state, addressOf } = usePageState();
  const { picture } = state.value;
  const filter = useFilter();
  const vms = useVmCount();
  const isOpen = useSignal(false);
  useEffect(
    () =>
      provideShortcut('search', () => {
        // On a narrow page the box is behind the button; it is there once this is rendered.
        if (isNarrow.peek()) isOpen.value = true;
        queueMicrotask(focusSearchBox);
      }),
    [isOpen],
  );
  return (
    <>
      <ViewSwitch />
      <HistoryButton />
      <div class="tools" data-open={isOpen.value || undefined}>
        <button
          type="button"
          class="tools-button"
          aria-expanded={isOpen.value}
          aria-controls="tools-more"
          onClick={() => {
            isOpen.value = !isOpen.value;
          }}
        >
          <span class="tools-narrow">
            {search.options}
            <FoundCount />
          </span>
          <span class="tools-medium">{search.more}</span>
        </button>
        <SearchBox />
        <div id="tools-more" class="tools-more">
          {picture === 'board' && (
            <>
              <HideSwitch />
              <GroupSelect />
              <SortSelect />
            </>
          )}
          <CopyLink address={() => location.origin + addressOf({ query: portable(filter) })} />
          <ExportMenu />
        </div>
      </div>
      <SearchProblems />
      {/* A host's card says it only of its own; other pictures have a place for it. */}
      {vms === 0 && picture === 'board' && <p class="toolbar-note">{empty.noVms}</p>}
    </>
  );
}

/** In words that the page knows in any language; what was not understood stays as it is. */
function portable({ query, text }: FilterModel): string {
  const { terms, problems } = query.peek();
  return problems.length === 0 ? formatQuery({ terms }) : text.peek();
}
