import type { HostName } from '../../core/model.ts';
import { useSession, useWords } from '../page/context.ts';
import { useLateWords } from '../words/late-words.ts';

export interface ZoneHeadingProps {
  /** Null for the hosts that have none. */
  readonly zone: string | null;
  readonly hosts: readonly HostName[];
}

/** Above the cards of a zone's hosts. */
export function ZoneHeading({ zone, hosts }: ZoneHeadingProps) {
  const { cluster } = useSession();
  const { words } = useWords();
  const { search } = useLateWords();
  const vms = hosts.reduce((sum, name) => sum + cluster.countAt(name), 0);
  return (
    <h2 class="zone">
      {zone ?? search.noZone}
      <span class="zone-facts">
        <span>{search.hosts(hosts.length)}</span>
        <span>{words.vmCount(vms)}</span>
      </span>
    </h2>
  );
}
