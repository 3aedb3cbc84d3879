import type { HostName } from '../../core/model.ts';
import { useSession, useWords } from '../context.ts';
import { lateParts } from '../late-parts.ts';
import { LaneList } from './lane-list.tsx';
import { Shape } from './shape.tsx';

/** A host: what it is, what comes and goes, and who is here. */
export function HostCard({ name }: { readonly name: HostName }) {
  const { cluster } = useSession();
  const { words, formats } = useWords();
  const host = cluster.host(name);
  const state = host?.state ?? 'in-progress';
  const word = host === undefined ? words.unknownHost : words.hostStates[host.state];
  const heading = `host/${name}`;
  const standing = cluster.lane('settled', name).value.length + cluster.lane('leaving', name).value.length;
  return (
    <section class="panel host" data-host={name} data-state={state} aria-labelledby={heading}>
      <header class="host-head">
        <h2 id={heading} title={name}>
          {host?.displayName ?? name}
        </h2>
        <span class="host-state">
          <Shape of={state} />
          {word}
        </span>
        <p class="host-facts">
          <span>{words.vmCount(standing)}</span>
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
            {lateParts.value !== null && <lateParts.value.HostDrain drain={host.drain} />}
          </div>
        )}
      </header>
      <div class="dock">
        <LaneList lane="arriving" host={name} />
        <LaneList lane="leaving" host={name} />
      </div>
      <LaneList lane="settled" host={name} />
    </section>
  );
}
