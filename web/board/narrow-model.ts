/** Whether the page is as narrow as a phone's: the same width as in the stylesheets. */
import { type ReadonlySignal, signal } from '@preact/signals';

const query = matchMedia('(width < 48rem)');
const current = signal(query.matches);
query.addEventListener('change', () => {
  current.value = query.matches;
});

export const isNarrow: ReadonlySignal<boolean> = current;
