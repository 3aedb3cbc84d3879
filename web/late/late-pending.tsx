import { useWords } from '../page/context.ts';
import { EmptyState } from '../parts/empty-state.tsx';
import { Skeleton } from '../parts/skeleton.tsx';
import { ReloadButton } from '../stream/reload-button.tsx';
import type { LateFile } from './late-file.ts';
import { areLatePartsMissing } from './late-parts-file.ts';

const LATE_PARTS: Pick<LateFile<unknown>, 'isMissing'> = { isMissing: areLatePartsMissing };

/** In place of a view whose file has not come yet. */
export function LatePending({ file = LATE_PARTS }: { readonly file?: Pick<LateFile<unknown>, 'isMissing'> }) {
  const { words } = useWords();
  return file.isMissing.value ? (
    <EmptyState title={words.partsMissing} text={words.trouble}>
      <ReloadButton />
    </EmptyState>
  ) : (
    <Skeleton />
  );
}
