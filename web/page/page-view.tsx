import { useEffect } from 'preact/hooks';
import { ClusterView } from '../board/cluster-view.tsx';
import { lateParts, loadLateParts } from '../late/late-parts-file.ts';
import { LatePending } from '../late/late-pending.tsx';
import { TopBar } from '../parts/top-bar.tsx';
import { usePage } from './context.ts';

/** What the URL names. */
export function PageView() {
  const route = usePage().route.route.value;
  return route.view === 'cluster' ? <ClusterView key={route.cluster} name={route.cluster} /> : <LateView />;
}

/** Every other view comes with the late parts. */
function LateView() {
  const late = lateParts.value;
  useEffect(() => void loadLateParts(), []);
  if (late) return <late.OtherView />;
  return (
    <>
      <TopBar />
      <LatePending />
    </>
  );
}
