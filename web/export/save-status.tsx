import type { ReadonlySignal } from '@preact/signals';
import { useLateWords } from '../words/late-words.ts';
import type { Saving } from './use-save.ts';

/** How saving a file went; that it went well the browser shows itself, and this tells those who do not see it. */
export function SaveStatus({ saving }: { readonly saving: ReadonlySignal<Saving> }) {
  const { export: words } = useLateWords();
  const said = saving.value;
  return (
    <span class={said === 'failed' ? 'export-failed' : 'unseen'} role="status">
      {said === 'failed' ? words.failed : said && words.saved(said.saved)}
    </span>
  );
}
