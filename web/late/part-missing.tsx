import { useWords } from '../page/context.ts';
import { ReloadButton } from '../stream/reload-button.tsx';

/** In a corner: something that stands beside the picture could not be fetched. */
export const PartMissing = () => (
  <p class="panel part-missing" role="alert">
    {useWords().words.partsMissing} <ReloadButton />
  </p>
);
