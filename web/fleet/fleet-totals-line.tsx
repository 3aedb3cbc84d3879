import { useWords } from '../page/context.ts';
import { Matter } from '../stream/connection-matter.tsx';
import { useLateWords } from '../words/late-words.ts';
import { useFleetWords } from '../words/view-words.ts';
import { useFleet } from './fleet-context.ts';

/** The sums over all clusters, and what they rest on. */
export function FleetTotals() {
  const { clusters, byFreshness, hosts, vms, moving, failed } = useFleet().totals.value;
  const { words, formats } = useWords();
  const fleet = useFleetWords();
  const others = (['stale', 'unknown', 'waiting'] as const).filter((freshness) => byFreshness[freshness] > 0);
  const sums = [
    ['vms', words.counts.vms, vms],
    ['moving', fleet.underWay, moving],
    ['failed', fleet.failed, failed],
  ] as const;
  return (
    <dl class="counts">
      <div>
        <dt>{fleet.live}</dt>
        <dd>
          <span data-count="live">{formats.number(byFreshness.live)}</span>
          <span class="counts-total">
            /<span data-count="clusters">{formats.number(clusters)}</span>
          </span>
        </dd>
      </div>
      {others.map((freshness) => (
        <div key={freshness} data-unheard={freshness !== 'waiting'}>
          <dt>{fleet.freshness[freshness]}</dt>
          <dd data-count={freshness}>{formats.number(byFreshness[freshness])}</dd>
        </div>
      ))}
      <div data-kind={hosts.up < hosts.total ? 'down' : undefined}>
        <dt>{words.hostsUp}</dt>
        <dd>
          <span data-count="hosts-up">{formats.number(hosts.up)}</span>
          <span class="counts-total">
            /<span data-count="hosts">{formats.number(hosts.total)}</span>
          </span>
        </dd>
      </div>
      {sums.map(([kind, word, value]) => (
        <div key={kind} data-kind={kind} data-quiet={value === 0 ? 'true' : undefined}>
          <dt>{word}</dt>
          <dd data-count={kind}>{formats.number(value)}</dd>
        </div>
      ))}
    </dl>
  );
}

/** What the sums rest on, where not all clusters are live or there can be others, and what is the matter with the page's own connection. */
export function FleetCaveats() {
  const { connection, isFresh, isPartial, moment, totals } = useFleet();
  const { formats } = useWords();
  const { troubles } = useLateWords();
  const fleet = useFleetWords();
  const { stale, unknown } = totals.value.byFreshness;
  return (
    <p class="status">
      {isPartial.value && <span class="fleet-partial">{fleet.partial}</span>}
      {!isFresh.value && moment.value !== null && <span>{fleet.asOf(formats.time(moment.value, connection.present.value))}</span>}
      {stale > 0 && <span>{fleet.lastPictures(stale)}</span>}
      {unknown > 0 && <span>{fleet.notCounted(unknown)}</span>}
      <Matter connection={connection} stale={troubles.silence} />
    </p>
  );
}
