import { useWords } from '../page/context.ts';

/** Loads the page anew. */
export const ReloadButton = () => (
  <button type="button" class="action" onClick={() => location.reload()}>
    {useWords().words.reload}
  </button>
);
