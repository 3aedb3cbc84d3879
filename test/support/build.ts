/** Vitest's global set-up of the lanes that need the edge: builds the page and the Worker once. */
import { buildPage, buildWorker } from '../../local/build.ts';

export async function setup(): Promise<void> {
  await Promise.all([buildPage(), buildWorker()]);
}
