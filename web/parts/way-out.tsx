import { useLateWords } from '../words/late-words.ts';
import { Link } from './link.tsx';

/** From a place where there is nothing to the list of clusters. */
export const WayOut = () => (
  <Link class="action" to={{ view: 'fleet' }}>
    {useLateWords().allClusters}
  </Link>
);
