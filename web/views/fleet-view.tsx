import { useEffect, useLayoutEffect, useMemo } from 'preact/hooks';
import type { ClusterList } from '../../core/downlink.ts';
import { freshnessOf } from '../../core/freshness.ts';
import type { ClusterSummary } from '../../core/model.ts';
import { usePage, useWords } from '../context.ts';
import type { Messages } from '../en.ts';
import type { LateMessages } from '../en-late.ts';
import { useLateWords } from '../late-words.ts';
import { openFleet } from '../models/fleet-model.ts';
import { EmptyState } from '../parts/empty-state.tsx';
import { Link } from '../parts/link.tsx';
import { Refused } from '../parts/refused.tsx';
import { Skeleton } from '../parts/skeleton.tsx';
import { TopBar } from '../parts/top-bar.tsx';

/** All clusters; where there is one, its board instead. */
export function FleetView() {
  const { route } = usePage();
  const { words } = useWords();
  const late = useLateWords();
  const fleet = useMemo(openFleet, []);
  useLayoutEffect(() => fleet.close, [fleet]);
  const list = fleet.list.value;
  const failure = fleet.failure.value;
  const [only, ...others] = list?.clusters ?? [];
  const single = only !== undefined && others.length === 0 ? only.cluster : null;
  useEffect(() => {
    document.title = 'Hostview';
    if (single !== null) route.replace({ view: 'cluster', cluster: single });
  }, [single, route]);

  return (
    <>
      <TopBar>
        {failure?.kind === 'trouble' && (
          <span class="badge" data-connection="reconnecting">
            {words.badge.reconnecting}
          </span>
        )}
      </TopBar>
      <main class="page">
        {failure?.kind === 'refused' ? (
          <Refused {...failure} onSignedIn={fleet.retry} />
        ) : list === null ? (
          failure === null ? (
            <Skeleton />
          ) : (
            <EmptyState title={words.badge.reconnecting} text={words.trouble} />
          )
        ) : list.clusters.length === 0 ? (
          <EmptyState {...late.noClusters} />
        ) : (
          <ClusterLinks list={list} now={list.now + fleet.age.value} />
        )}
      </main>
    </>
  );
}

function ClusterLinks({ list, now }: { readonly list: ClusterList; readonly now: number }) {
  const words = useLateWords();
  return (
    <>
      <h1 class="page-title">{words.clusters}</h1>
      <ul class="clusters">
        {list.clusters.map((summary) => (
          <li key={summary.cluster}>
            <ClusterLink summary={summary} now={now} />
          </li>
        ))}
      </ul>
    </>
  );
}

function sumsOf({ hosts, vms, transits, failures }: ClusterSummary, words: Messages, late: LateMessages): string {
  const sums = [late.hostCount(hosts.up, hosts.total), words.vmCount(vms.total), late.transitCount(transits)];
  return [...sums, ...(failures > 0 ? [late.failedCount(failures)] : [])].join(' · ');
}

function ClusterLink({ summary, now }: { readonly summary: ClusterSummary; readonly now: number }) {
  const { words } = useWords();
  const late = useLateWords();
  const freshness = summary.unknown === true ? 'unknown' : freshnessOf(summary.lastHeard, now);
  return (
    <Link class="panel cluster-link" to={{ view: 'cluster', cluster: summary.cluster }}>
      <span class="cluster-name">{summary.displayName ?? summary.cluster}</span>
      <span class="badge" data-connection={freshness}>
        {late.freshness[freshness]}
      </span>
      <span class="cluster-sums">
        {freshness === 'unknown' ? late.unknownCluster : freshness === 'waiting' ? words.badge.waiting : sumsOf(summary, words, late)}
      </span>
    </Link>
  );
}
