import { useWords } from '../page/context.ts';
import type { ConnectionModel } from '../stream/connection-model.ts';
import { useLateWords } from '../words/late-words.ts';
import type { Wall } from './wall-context.ts';
import type { Shown } from './wall-pages.ts';

export interface WallClockProps {
  readonly connection: ConnectionModel;
  readonly shown: Shown | null;
  readonly place: Wall['place'];
}

/** What of the whole is shown, and the time on the edge's clock, which all that is told of is measured by. */
export function WallClock({ connection, shown, place }: WallClockProps) {
  const { formats } = useWords();
  const { wall } = useLateWords();
  const now = connection.now.value;
  return (
    <footer class="wall-clock">
      {shown !== null && <span>{wall.shown(shown.of, shown.first, shown.last, shown.all, shown.isPart)}</span>}
      {place !== undefined && <span>{wall.turn(place.index, place.count)}</span>}
      {now !== null && <time dateTime={new Date(now).toISOString()}>{formats.time(now, now)}</time>}
    </footer>
  );
}
