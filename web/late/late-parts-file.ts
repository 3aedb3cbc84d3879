/** What a board's first picture can do without comes in one file of its own, after the first commit. The board works without it meanwhile. */
import { lateFile } from './late-file.ts';

/** The file's name beside the page's; vite.config.ts puts it here. */
declare const LATE_PARTS_FILE: string;

export const {
  exports: lateParts,
  isMissing: areLatePartsMissing,
  load: loadLateParts,
} = lateFile(
  () => import('./late-parts.ts'),
  () => LATE_PARTS_FILE,
  (late, ...coming) => late.prepareLateParts(document, ...coming),
);
