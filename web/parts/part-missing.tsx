import { useWords } from '../context.ts';
import { ReloadButton } from './reload-button.tsx';

/** In a corner: something that stands beside the picture could not be fetched. */
export const PartMissing = () => (
  <p class="panel part-missing" role="alert">
    {useWords().words.partsMissing} <ReloadButton />
  </p>
);
