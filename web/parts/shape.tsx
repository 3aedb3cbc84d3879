import type { HostState, VmState } from '../../core/model.ts';

/** A state's shape; styles/shapes.css draws and colours it. The word beside it says the same. */
export const Shape = ({ of }: { readonly of: VmState | HostState | 'yes' | 'no' }) => (
  <span class="shape" data-shape={of} aria-hidden="true" />
);
