import { EmptyState } from '../parts/empty-state.tsx';
import { WayOut } from '../parts/way-out.tsx';
import { useLateWords } from '../words/late-words.ts';

/** In place of a board: the cluster has never spoken. */
export const NothingYet = () => <EmptyState {...useLateWords().empty.waiting} />;

/** In place of the cards of a cluster that has neither hosts nor VMs. */
export const NoHosts = () => (
  <EmptyState {...useLateWords().empty.noHosts}>
    <WayOut />
  </EmptyState>
);
