import type { Outcome } from '../../core/model.ts';
import { Shape } from '../parts/shape.tsx';
import { useLateWords } from '../words/late-words.ts';

/** How a migration ended, as shape and word. */
export const OutcomeWord = ({ of }: { readonly of: Outcome }) => (
  <span class="outcome">
    <Shape of={of} />
    {useLateWords().outcomes[of]}
  </span>
);
