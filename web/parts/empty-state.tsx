import { useWords } from '../context.ts';
import { Link } from './link.tsx';
import { ReloadButton } from './reload-button.tsx';

export interface EmptyStateProps {
  readonly title: string;
  readonly text: string;
  /** Offers the way to the list of clusters. */
  readonly hasWayOut?: boolean;
  /** Offers to load the page again. */
  readonly canReload?: boolean;
}

/** Says why there is nothing to see, and what to do about it. */
export function EmptyState({ title, text, hasWayOut, canReload }: EmptyStateProps) {
  const { words } = useWords();
  return (
    <section class="empty">
      <h2>{title}</h2>
      <p>{text}</p>
      {canReload && <ReloadButton />}
      {hasWayOut && (
        <Link class="action" to={{ view: 'fleet' }}>
          {words.allClusters}
        </Link>
      )}
    </section>
  );
}
