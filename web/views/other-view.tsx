import { usePage } from '../context.ts';
import { useLateWords } from '../late-words.ts';
import { EmptyState } from '../parts/empty-state.tsx';
import { TopBar } from '../parts/top-bar.tsx';
import { FleetView } from './fleet-view.tsx';

/** What an address shows that names no cluster. */
export function OtherView() {
  const words = useLateWords();
  if (usePage().route.route.value.view === 'fleet') return <FleetView />;
  return (
    <>
      <TopBar />
      <EmptyState {...words.empty.notFound} hasWayOut />
    </>
  );
}
