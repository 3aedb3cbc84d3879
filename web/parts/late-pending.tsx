import { useWords } from '../context.ts';
import { areLatePartsMissing } from '../late-parts.ts';
import { EmptyState } from './empty-state.tsx';
import { Skeleton } from './skeleton.tsx';

/** In place of a view that is one of the late parts, until they have come. */
export function LatePending() {
  const { words } = useWords();
  return areLatePartsMissing.value ? <EmptyState title={words.partsMissing} text={words.trouble} canReload /> : <Skeleton />;
}
