import { useSession } from '../context.ts';
import { useLateWords } from '../late-words.ts';
import { EmptyState } from './empty-state.tsx';
import { WayOut } from './way-out.tsx';

/** In place of a board that has nothing on it: the cluster has never spoken, or it has neither hosts nor VMs. */
export function NoBoard() {
  const { empty } = useLateWords();
  return useSession().cluster.cursor.value === null ? (
    <EmptyState {...empty.waiting} />
  ) : (
    <EmptyState {...empty.noHosts}>
      <WayOut />
    </EmptyState>
  );
}
