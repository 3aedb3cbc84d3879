import { useSession } from '../context.ts';
import { PastGate } from '../late-views.ts';
import { useLateWords } from '../late-words.ts';
import { usePageState } from '../models/page-state-model.ts';
import { isPastAwaited } from '../models/past-opening.ts';
import { EmptyState } from './empty-state.tsx';
import { WayOut } from './way-out.tsx';

/** In place of a board that has nothing on it: the cluster has never spoken, or it has neither hosts nor VMs. */
export function NoBoard() {
  const { empty } = useLateWords();
  const { state } = usePageState();
  const { cluster } = useSession();
  if (isPastAwaited(state.value)) return <PastGate />;
  return cluster.cursor.value === null ? (
    <EmptyState {...empty.waiting} />
  ) : (
    <EmptyState {...empty.noHosts}>
      <WayOut />
    </EmptyState>
  );
}
