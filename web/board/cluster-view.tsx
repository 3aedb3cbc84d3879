import { useLayoutEffect, useMemo } from 'preact/hooks';
import type { ClusterName } from '../../core/model.ts';
import { lateParts } from '../late/late-parts-file.ts';
import { LatePending } from '../late/late-pending.tsx';
import { SessionContext, usePage, useSession, useWords } from '../page/context.ts';
import { EmptyState } from '../parts/empty-state.tsx';
import { Skeleton } from '../parts/skeleton.tsx';
import { TopBar } from '../parts/top-bar.tsx';
import { Rest } from '../rendering/rest.tsx';
import { useSlices } from '../rendering/use-slices.ts';
import { openClusterSession } from '../stream/cluster-session.ts';
import { ConnectionBadge, ConnectionStatus } from '../stream/connection-badge.tsx';
import { CountStrip } from './count-strip.tsx';
import { HostCard } from './host-card.tsx';
import { LaneList } from './lane-list.tsx';

/** From here on the cards keep no room free for VMs that may come and go. */
const CROWD_COUNT = 12;

/** One cluster: its board, or another picture of it. */
export function ClusterView({ name }: { readonly name: ClusterName }) {
  const session = useMemo(() => openClusterSession(name), [name]);
  // Not useEffect: it waits for the next paint, and a view that is left before that would never be closed.
  useLayoutEffect(() => session.close, [session]);
  const late = lateParts.value;
  return (
    <SessionContext.Provider value={session}>
      <TopBar>
        <h1 class="cluster-title">{session.displayName.value}</h1>
        <ConnectionBadge connection={session.connection} />
      </TopBar>
      <main class="page">
        <Picture />
      </main>
      {late && <late.BoardExtras />}
    </SessionContext.Provider>
  );
}

/** The picture, or why there is none: each reason in its own words. */
function Picture() {
  const { admit, cluster, connection } = useSession();
  const { words } = useWords();
  const route = usePage().route.route.value;
  const late = lateParts.value;
  const badge = connection.badge.value;
  if (!cluster.hasPicture.value) {
    if (badge.kind === 'refused') return late ? <late.Refused {...badge} onSignedIn={admit} /> : <LatePending />;
    if (badge.kind === 'reconnecting') return <EmptyState title={words.badge.reconnecting} text={words.trouble} />;
    return <Skeleton />;
  }
  const isEmpty = cluster.hostNames.value.length === 0 && cluster.counts.value.vms === 0;
  // What there is instead of a board, and what the query says is to be shown, only the late parts know.
  if (!late && (isEmpty || ('search' in route && route.search !== ''))) return <LatePending />;
  const Instead = late?.insteadOfBoard(route, isEmpty && cluster);
  if (Instead) return <Instead />;
  const Other = late?.otherPicture(route, isEmpty);
  return (
    <div class="board" data-path={route.rest} data-freshness={badge.kind === 'refused' ? 'refused' : connection.freshness.value}>
      <div class="board-head">
        <CountStrip />
        <ConnectionStatus />
      </div>
      <div class="toolbar">{late && <late.Toolbar />}</div>
      {Other ? <Other /> : <HostBoard />}
    </div>
  );
}

function HostBoard() {
  const { arrangement, cluster, countView } = useSession();
  const { words } = useWords();
  const late = lateParts.value;
  const names = cluster.hostNames.value;
  const entries = arrangement.value?.hosts(names) ?? names;
  const unplaced = cluster.lane('unplaced', null).value.length;
  const { count, limit, rest } = useSlices(() => [
    ...entries.map((entry) => (typeof entry === 'string' ? cluster.countAt(entry) : 0)),
    unplaced,
  ]);
  const limitAt = (index: number): number | undefined => (index === count - 1 ? limit : undefined);
  return (
    <>
      <div class="hosts" data-crowd={names.length > CROWD_COUNT ? 'true' : undefined} aria-busy={rest !== null || undefined}>
        {entries
          .slice(0, count)
          .map((entry, index) => (typeof entry === 'string' ? <HostCard key={entry} name={entry} limit={limitAt(index)} /> : entry))}
        {late && <late.MigrationTrails isWhole={rest === null} />}
        <div id="flyers" class="flyers" inert />
      </div>
      {rest !== null && (rest > 0 || limit === undefined) && <Rest tag="p" vms={rest} />}
      {unplaced > 0 && count > entries.length && (
        <section class="panel unplaced" aria-labelledby="unplaced">
          <header class="host-head">
            <h2 id="unplaced">{words.lanes.unplaced}</h2>
            <p class="host-facts">
              <span>{countView.value?.(null) ?? words.vmCount(unplaced)}</span>
              <span>{words.unplacedHint}</span>
            </p>
          </header>
          <LaneList lane="unplaced" host={null} limit={limitAt(entries.length)} />
        </section>
      )}
    </>
  );
}
