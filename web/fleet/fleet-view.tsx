import { computed } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { Refused } from '../access/refused.tsx';
import { SignInAgain } from '../access/sign-in-again.tsx';
import { AddCluster } from '../late/late-views.ts';
import { PartMissing } from '../late/part-missing.tsx';
import { type PageModels, usePage, useWords } from '../page/context.ts';
import { EmptyState } from '../parts/empty-state.tsx';
import { Skeleton } from '../parts/skeleton.tsx';
import { TopBar } from '../parts/top-bar.tsx';
import { hasFailedRendering } from '../rendering/failed-renderings.ts';
import { ConnectionBadge } from '../stream/connection-badge.tsx';
import { useWall } from '../wall/wall-context.ts';
import { fleetWords, useFleetWords } from '../words/view-words.ts';
import { wordsOf } from '../words/words-file.ts';
import { ClusterList } from './cluster-list.tsx';
import { isArrivalAtRoot, opensOnlyCluster } from './fleet-arrival.ts';
import { FleetContext, useFleet } from './fleet-context.ts';
import { FleetExtras } from './fleet-extras.tsx';
import { FleetKeys } from './fleet-keys.tsx';
import { type FleetWish, openFleet } from './fleet-model.ts';
import { parseFleetQuery } from './fleet-query.ts';
import { FleetToolbar } from './fleet-toolbar.tsx';
import { FleetCaveats, FleetTotals } from './fleet-totals-line.tsx';
import { NoneFound } from './none-found.tsx';

// It goes through them, and comes with them.
export { WallView } from '../wall/wall-view.tsx';

/** All clusters. */
export function FleetView() {
  const page = usePage();
  const fleet = useMemo(() => openFleet(computed(() => wishOf(page))), [page]);
  // Not useEffect: see cluster-view.tsx.
  useLayoutEffect(() => fleet.close, [fleet]);
  return (
    <FleetContext.Provider value={fleet}>
      <TopBar>
        <ConnectionBadge connection={fleet.connection} />
      </TopBar>
      <main class="page">
        <FleetPicture />
      </main>
      <FleetExtras />
      <FleetKeys />
      {hasFailedRendering.value && <PartMissing />}
      <SignInAgain connection={fleet.connection} hasPicture={fleet.hasPicture} onSignedIn={fleet.admit} />
    </FleetContext.Provider>
  );
}

/** What the reader wants to see: the address says it, and the language how it is called. */
function wishOf({ route, settings }: PageModels): FleetWish {
  const address = route.route.value;
  const fleet = wordsOf(fleetWords, settings.language.value);
  return {
    query: parseFleetQuery(address.view === 'fleet' ? (address.search ?? '') : ''),
    words: {
      standing: (standing) => fleet.standings[standing],
      freshness: (freshness) => fleet.freshness[freshness],
      underWay: fleet.underWay,
      failed: fleet.failed,
    },
  };
}

/** The clusters, or why there is no picture of them: each reason in its own words. */
function FleetPicture() {
  const { admit, connection, hasPicture, names } = useFleet();
  const { route } = usePage();
  const { words } = useWords();
  const badge = connection.badge.value;
  const isThere = hasPicture.value;
  useLayoutEffect(() => {
    const [only, ...others] = names.peek();
    if (!isThere || !opensOnlyCluster(isArrivalAtRoot) || only === undefined || others.length > 0) return;
    route.replace({ view: 'cluster', cluster: only });
  }, [isThere, names, route]);
  if (isThere) return <Clusters />;
  if (badge.kind === 'refused') return <Refused {...badge} onSignedIn={admit} />;
  return badge.kind === 'reconnecting' ? <EmptyState title={words.badge.reconnecting} text={words.trouble} /> : <Skeleton />;
}

function Clusters() {
  const { isFresh, isPartial, sections, totals } = useFleet();
  const { route } = usePage();
  const words = useFleetWords();
  const [isAdding, setAdding] = useState(false);
  const address = route.route.value;
  const query = parseFleetQuery(address.view === 'fleet' ? (address.search ?? '') : '');
  const count = totals.value.clusters;
  const opener = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (!isAdding) return;
    return () => {
      // The button that opened the form can be gone: with the first cluster it stands elsewhere.
      if (document.activeElement === document.body) opener.current?.focus();
    };
  }, [isAdding]);
  const add = isPartial.value ? null : (
    <button ref={opener} type="button" class="action" onClick={() => setAdding(true)}>
      {words.add}
    </button>
  );
  return (
    <div class="fleet" data-fresh={isFresh.value}>
      <div class="fleet-head">
        <h1 class="fleet-title">{words.title}</h1>
        {count > 0 && add}
      </div>
      {count === 0 ? (
        <NoClusters>{add}</NoClusters>
      ) : (
        <>
          <div class="board-head">
            <FleetTotals />
            <FleetCaveats />
          </div>
          <FleetToolbar query={query} />
          {sections.value.length > 0 ? <ClusterList /> : <NoneFound query={query} />}
        </>
      )}
      {isAdding && <AddCluster onClosed={() => setAdding(false)} />}
    </div>
  );
}

/** `children`: what to do about it. */
function NoClusters({ children }: { readonly children: ComponentChildren }) {
  const { isPartial } = useFleet();
  const words = useFleetWords();
  const wall = useWall();
  if (isPartial.value) return <EmptyState {...words.noneShared} />;
  if (wall === null) return <EmptyState {...words.none}>{children}</EmptyState>;
  // On a wall there is nothing to click on.
  return (
    <section class="empty">
      <h2>{words.none.title}</h2>
    </section>
  );
}
