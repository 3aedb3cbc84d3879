import { useWords } from '../page/context.ts';
import { ReloadButton } from '../stream/reload-button.tsx';

/** In a corner: something of the page could not be fetched or rendered. */
export const PartMissing = () => (
  <p class="panel part-missing" role="alert">
    {useWords().words.partsMissing} <ReloadButton />
  </p>
);
