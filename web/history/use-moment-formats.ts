import { usePage } from '../page/context.ts';
import { type MomentFormats, momentFormats } from './past-format.ts';

/** In the chosen language; whoever reads them is rendered again when it changes. */
export const useMomentFormats = (): MomentFormats => momentFormats(usePage().settings.language.value);
