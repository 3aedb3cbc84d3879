import type { Formats } from './format.ts';
import { tenthsText } from './late-format.ts';

/** Below this, tenths of a second say something. */
const SHORT_MS = 10_000;

/** How long something took, that is over. */
export const lengthText = (lengthMs: number, formats: Formats): string =>
  lengthMs < SHORT_MS ? tenthsText(lengthMs, formats) : formats.duration(lengthMs);
