import { useWords } from '../page/context.ts';
import { EmptyState } from '../parts/empty-state.tsx';
import { Skeleton } from '../parts/skeleton.tsx';
import { ReloadButton } from '../stream/reload-button.tsx';
import { areLatePartsMissing } from './late-parts-file.ts';

/** In place of a view that has not come yet. `isMissing`: something of it could not be fetched. */
export function LatePending({ isMissing = areLatePartsMissing.value }: { readonly isMissing?: boolean }) {
  const { words } = useWords();
  return isMissing ? (
    <EmptyState title={words.partsMissing} text={words.trouble}>
      <ReloadButton />
    </EmptyState>
  ) : (
    <Skeleton />
  );
}
