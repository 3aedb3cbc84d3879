import { useEffect } from 'preact/hooks';
import { usePage, useWords } from '../context.ts';
import { lateParts, loadLateParts } from '../late-parts.ts';
import { EmptyState } from '../parts/empty-state.tsx';
import { LatePending } from '../parts/late-pending.tsx';
import { TopBar } from '../parts/top-bar.tsx';
import { ClusterView } from './cluster-view.tsx';

/** What the URL names. */
export function PageView() {
  const { words } = useWords();
  const route = usePage().route.route.value;
  switch (route.view) {
    case 'fleet':
      return <Fleet />;
    case 'cluster':
      return <ClusterView key={route.cluster} name={route.cluster} />;
    case 'not-found':
      return (
        <>
          <TopBar />
          <EmptyState {...words.empty.notFound} hasWayOut />
        </>
      );
  }
}

function Fleet() {
  const late = lateParts.value;
  useEffect(() => void loadLateParts(), []);
  if (late !== null) return <late.FleetView />;
  return (
    <>
      <TopBar />
      <LatePending />
    </>
  );
}
