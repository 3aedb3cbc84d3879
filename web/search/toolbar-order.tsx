import { useComputed } from '@preact/signals';
import { formatGrouping, PLAIN_GROUPINGS, parseGrouping } from '../arranging/grouping.ts';
import { firstSortBy, formatSort, parseSort, SORT_KEYS } from '../arranging/sorting.ts';
import { usePictureTools } from '../board/picture-tools.ts';
import { usePageState } from '../page/page-state-model.ts';
import { useLateWords } from '../words/late-words.ts';

/** Whether what does not match is hidden, or steps back. */
export function HideSwitch() {
  const { state, adjust } = usePageState();
  const { search } = useLateWords();
  return (
    <label class="switch">
      <input type="checkbox" checked={state.value.isHiding} onChange={({ currentTarget }) => adjust({ isHiding: currentTarget.checked })} />
      {search.hide}
    </label>
  );
}

export function GroupSelect() {
  const { go } = usePageState();
  const { order, labels } = usePictureTools();
  const { search } = useLateWords();
  const grouping = order.grouping.value;
  const keys = useComputed(() => {
    const chosen = order.grouping.value;
    const known = labels.keys.value;
    return chosen.by === 'label' && !known.includes(chosen.key) ? [...known, chosen.key] : known;
  }).value;
  return (
    <select aria-label={search.group} value={formatGrouping(grouping)} onChange={({ currentTarget }) => go({ group: currentTarget.value })}>
      {PLAIN_GROUPINGS.map((by) => (
        <option key={by} value={formatGrouping(parseGrouping(by))}>
          {search.groups[by]}
        </option>
      ))}
      {keys.map((key) => (
        <option key={`label:${key}`} value={formatGrouping({ by: 'label', key })}>
          {search.groupByLabel(key)}
        </option>
      ))}
    </select>
  );
}

export function SortSelect() {
  const { state, adjust } = usePageState();
  const { order } = usePictureTools();
  const { search } = useLateWords();
  const sort = parseSort(state.value.sort);
  const isBehind = order.isBehind.value;
  return (
    <span class="sort">
      <select
        aria-label={search.sort}
        value={sort.key}
        onChange={({ currentTarget }) => {
          const key = SORT_KEYS.find((known) => known === currentTarget.value) ?? 'name';
          adjust({ sort: formatSort(firstSortBy(key)) });
        }}
      >
        {SORT_KEYS.map((key) => (
          <option key={key} value={key}>
            {search.sorts[key]}
          </option>
        ))}
      </select>
      <button
        type="button"
        aria-label={sort.isDescending ? search.descending : search.ascending}
        title={sort.isDescending ? search.descending : search.ascending}
        onClick={() => adjust({ sort: formatSort({ ...sort, isDescending: !sort.isDescending }) })}
      >
        {sort.isDescending ? '↓' : '↑'}
      </button>
      <span class="sort-held">{isBehind && search.held}</span>
    </span>
  );
}
