/** What a board's first picture can do without comes in one file of its own, after the first commit. The board works without it meanwhile. */
import { lateFile } from './late-file.ts';

/** What it exports, not yet prepared; rejects where it cannot be fetched. */
export const importLateParts = (): Promise<typeof import('./late-parts.ts')> => import('./late-parts.ts');

export const {
  exports: lateParts,
  isMissing: areLatePartsMissing,
  load: loadLateParts,
} = lateFile(importLateParts, (late, ...coming) => late.prepareLateParts(document, ...coming));
