import { useWords } from '../context.ts';
import type { LateFile } from '../late-file.ts';
import { areLatePartsMissing } from '../late-parts.ts';
import { EmptyState } from './empty-state.tsx';
import { ReloadButton } from './reload-button.tsx';
import { Skeleton } from './skeleton.tsx';

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
