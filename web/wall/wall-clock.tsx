import { useWords } from '../page/context.ts';
import type { ConnectionModel } from '../stream/connection-model.ts';
import { useLateWords } from '../words/late-words.ts';
import type { Wall } from './wall-context.ts';
import type { ShownHosts } from './wall-model.ts';

export interface WallClockProps {
  readonly connection: ConnectionModel;
  readonly hosts: ShownHosts | null;
  readonly place: Wall['place'];
}

/** What of the whole is shown, and the time on the edge's clock, which all that is told of is measured by. */
export function WallClock({ connection, hosts, place }: WallClockProps) {
  const { formats } = useWords();
  const { wall } = useLateWords();
  const now = connection.now.value;
  return (
    <footer class="wall-clock">
      {hosts !== null && <span>{wall.hosts(hosts.first, hosts.last, hosts.all, hosts.isPart)}</span>}
      {place !== undefined && <span>{wall.turn(place.index, place.count)}</span>}
      {now !== null && <time dateTime={new Date(now).toISOString()}>{formats.time(now, now)}</time>}
    </footer>
  );
}
