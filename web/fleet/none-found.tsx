import type { ComponentChildren } from 'preact';
import { usePage } from '../page/context.ts';
import { runShortcut } from '../settings/shortcut-model.ts';
import { useFleetWords } from '../words/view-words.ts';
import { type FleetQuery, formatFleetQuery } from './fleet-query.ts';

export interface NothingProps {
  readonly title: string;
  readonly text: string;
  /** What can be done about it. */
  readonly children: ComponentChildren;
}

/** Says why there is nothing to see. */
export const Nothing = ({ title, text, children }: NothingProps) => (
  <section class="empty">
    <h2>{title}</h2>
    <p>{text}</p>
    {children}
  </section>
);

/** There are clusters, and the filter hides them all. */
export function NoneFound({ query }: { readonly query: FleetQuery }) {
  const { route } = usePage();
  const { title, text, clear } = useFleetWords().noneFound;
  const clearFilter = (): void => {
    route.replace({ view: 'fleet', search: formatFleetQuery({ ...query, text: '' }) });
    // The button goes with the filter: the focus is where another one is typed.
    runShortcut('search');
  };
  return (
    <Nothing title={title} text={text(query.text)}>
      <button type="button" class="action" onClick={clearFilter}>
        {clear}
      </button>
    </Nothing>
  );
}
