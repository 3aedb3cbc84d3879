/** Vitest's global set-up of the lanes that need the edge: builds the page and the Worker once. */
import { build } from '../../local/build.ts';

export const setup = (): Promise<void> => build();
