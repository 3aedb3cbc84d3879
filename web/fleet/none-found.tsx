import { usePage } from '../page/context.ts';
import { EmptyState } from '../parts/empty-state.tsx';
import { runShortcut } from '../settings/shortcut-model.ts';
import { useFleetWords } from '../words/view-words.ts';
import { type FleetQuery, formatFleetQuery, isBoardLanguage } from './fleet-query.ts';

/** There are clusters, and the filter hides them all. */
export function NoneFound({ query }: { readonly query: FleetQuery }) {
  const { route } = usePage();
  const { underWay, failed, noneFound } = useFleetWords();
  const { title, text, language, clear } = noneFound;
  const isMisled = isBoardLanguage(query.text);
  const clearFilter = (): void => {
    route.replace({ view: 'fleet', search: formatFleetQuery({ ...query, text: '' }) });
    // The button goes with the filter: the focus is where another one is typed.
    runShortcut('search');
  };
  return (
    <EmptyState title={title} text={isMisled ? text(query.text) + language(underWay, failed) : text(query.text)}>
      <button type="button" class="action" onClick={clearFilter}>
        {clear}
      </button>
    </EmptyState>
  );
}
