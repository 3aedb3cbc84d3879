import { FleetView, WallView } from '../late/late-views.ts';
import { useZoom } from '../motion/use-zoom.ts';
import { EmptyState } from '../parts/empty-state.tsx';
import { TopBar } from '../parts/top-bar.tsx';
import { WayOut } from '../parts/way-out.tsx';
import { wallOf } from '../wall/wall.ts';
import { useLateWords } from '../words/late-words.ts';
import { usePage } from './context.ts';

/** What an address shows that names no cluster. */
export function OtherView() {
  const words = useLateWords();
  useZoom();
  const route = usePage().route.route.value;
  const seconds = wallOf(route);
  if (seconds !== null) return <WallView seconds={seconds} />;
  if (route.view === 'fleet') return <FleetView />;
  return (
    <>
      <TopBar />
      <main class="page">
        <h1 class="unseen">Hostview</h1>
        <EmptyState {...words.empty.notFound}>
          <WayOut />
        </EmptyState>
      </main>
    </>
  );
}
