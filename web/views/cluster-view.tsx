import { useEffect, useLayoutEffect, useMemo } from 'preact/hooks';
import type { ClusterName } from '../../core/model.ts';
import { SessionContext, useSession, useWords } from '../context.ts';
import { lateParts } from '../late-parts.ts';
import { openClusterSession } from '../models/cluster-session.ts';
import { ConnectionBadge, ConnectionStatus } from '../parts/connection-badge.tsx';
import { CountStrip } from '../parts/count-strip.tsx';
import { EmptyState } from '../parts/empty-state.tsx';
import { HostCard } from '../parts/host-card.tsx';
import { LaneList } from '../parts/lane-list.tsx';
import { LatePending } from '../parts/late-pending.tsx';
import { Skeleton } from '../parts/skeleton.tsx';
import { TopBar } from '../parts/top-bar.tsx';

/** From here on the cards keep no room free for VMs that may come and go. */
const CROWD_COUNT = 12;

/** One cluster's board. */
export function ClusterView({ name }: { readonly name: ClusterName }) {
  const session = useMemo(() => openClusterSession(name), [name]);
  // Not useEffect: it waits for the next paint, and a view that is left before that would never be closed.
  useLayoutEffect(() => session.close, [session]);
  const late = lateParts.value;
  const title = session.displayName.value;
  useEffect(() => {
    document.title = `${title} · Hostview`;
  }, [title]);
  return (
    <SessionContext.Provider value={session}>
      <TopBar>
        <h1 class="cluster-title">{title}</h1>
        <ConnectionBadge />
      </TopBar>
      <main class="page">
        <Picture />
      </main>
      {late !== null && <late.BoardExtras />}
    </SessionContext.Provider>
  );
}

/** The board, or why there is none: each reason in its own words. */
function Picture() {
  const { admit, cluster, connection } = useSession();
  const { words } = useWords();
  const late = lateParts.value;
  const badge = connection.badge.value;
  if (!cluster.hasPicture.value) {
    if (badge.kind === 'refused') return late === null ? <LatePending /> : <late.Refused {...badge} onSignedIn={admit} />;
    if (badge.kind === 'reconnecting') return <EmptyState title={words.badge.reconnecting} text={words.empty.trouble} />;
    return <Skeleton />;
  }
  if (cluster.cursor.value === null) return <EmptyState {...words.empty.waiting} />;
  if (cluster.hostNames.value.length === 0 && cluster.counts.value.vms === 0) return <EmptyState {...words.empty.noHosts} />;
  return <HostBoard />;
}

function HostBoard() {
  const { cluster, connection } = useSession();
  const { words } = useWords();
  const late = lateParts.value;
  const hasUnplaced = cluster.lane('unplaced', null).value.length > 0;
  return (
    <div class="board" data-freshness={connection.badge.value.kind === 'refused' ? 'refused' : connection.freshness.value}>
      <div class="board-head">
        <CountStrip />
        <ConnectionStatus />
      </div>
      <div class="hosts" data-crowd={cluster.hostNames.value.length > CROWD_COUNT ? 'true' : undefined}>
        {cluster.hostNames.value.map((name) => (
          <HostCard key={name} name={name} />
        ))}
        {late !== null && <late.MigrationTrails />}
        <div id="flyers" class="flyers" inert aria-hidden="true" />
      </div>
      {hasUnplaced && (
        <section class="panel unplaced" aria-labelledby="unplaced">
          <header class="host-head">
            <h2 id="unplaced">{words.lanes.unplaced}</h2>
            <p class="host-facts">
              <span>{words.vmCount(cluster.lane('unplaced', null).value.length)}</span>
              <span>{words.unplacedHint}</span>
            </p>
          </header>
          <LaneList lane="unplaced" host={null} />
        </section>
      )}
    </div>
  );
}
