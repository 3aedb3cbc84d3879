import type { HostState, Outcome, VmState } from '../../core/model.ts';

/** The shape of a state, or of how a migration ended; styles/shapes.css and late/details.css draw and colour it. The word beside it says the same. */
export const Shape = ({ of }: { readonly of: VmState | HostState | Outcome | 'yes' | 'no' }) => (
  <span class="shape" data-shape={of} aria-hidden="true" />
);
