import type { HostName } from '../../core/model.ts';
import { lateParts } from '../late/late-parts-file.ts';
import { useSession, useWords } from '../page/context.ts';
import { Shape } from '../parts/shape.tsx';
import { LaneList } from './lane-list.tsx';

export interface HostCardProps {
  readonly name: HostName;
  /** How many VMs of each of its lists are drawn by now; undefined: all. */
  readonly limit?: number | undefined;
}

/** A host: what it is, what comes and goes, and who is here. */
export function HostCard({ name, limit }: HostCardProps) {
  const { arrangement, cluster, countView } = useSession();
  const { words, formats } = useWords();
  const host = cluster.host(name);
  const state = host?.state ?? 'in-progress';
  const word = host === undefined ? words.unknownHost : words.hostStates[host.state];
  const heading = `host/${name}`;
  const standing = cluster.countAt(name);
  return (
    <section class="panel host" data-host={name} data-state={state} aria-labelledby={heading}>
      <header class="host-head">
        <h2 id={heading} title={name} aria-level={arrangement.value?.level}>
          <button type="button" tabIndex={-1} aria-haspopup="dialog">
            {host?.displayName ?? name}
          </button>
        </h2>
        <span class="host-state">
          <Shape of={state} />
          {word}
        </span>
        <p class="host-facts">
          <span>{countView.value?.(name) ?? words.vmCount(standing)}</span>
          {host !== undefined && host.roles.length > 0 && <span>{formats.list(host.roles)}</span>}
          {host?.zone !== undefined && <span>{host.zone}</span>}
        </p>
        {host?.reasons.map((reason) => (
          <p class="host-reason" key={reason} title={reason}>
            {reason}
          </p>
        ))}
        {host?.drain !== undefined && (
          <div class="host-drain" data-drain={host.drain.because}>
            {lateParts.value !== null && <lateParts.value.HostDrain host={host} />}
          </div>
        )}
      </header>
      <div class="dock">
        <LaneList lane="arriving" host={name} limit={limit} />
        <LaneList lane="leaving" host={name} limit={limit} />
      </div>
      <LaneList lane="settled" host={name} limit={limit} />
    </section>
  );
}
