import { isPastAwaited } from '../history/past-opening.ts';
import { PastGate } from '../late/late-views.ts';
import { useSession } from '../page/context.ts';
import { usePageState } from '../page/page-state-model.ts';
import { EmptyState } from '../parts/empty-state.tsx';
import { WayOut } from '../parts/way-out.tsx';
import { useLateWords } from '../words/late-words.ts';

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
