import { useWords } from '../page/context.ts';
import { isoTime } from '../words/iso-time.ts';
import { useFleetWords } from '../words/view-words.ts';
import type { FleetCard } from './fleet-card.ts';
import { useFleet } from './fleet-context.ts';

interface OfCard {
  readonly card: FleetCard;
}

/** Whether the cluster is heard, by shape and word; since when not. Of a picture that is not of now, when it was. */
export function LinkState({ card: { freshness, summary } }: OfCard) {
  const fleet = useFleetWords();
  const { isFresh } = useFleet();
  const { lastHeard } = summary;
  const isOld = freshness === 'live' && !isFresh.value;
  const isTimed = freshness === 'stale' && lastHeard !== null;
  return (
    <span class="badge" data-connection={isOld ? 'connecting' : freshness} title={isTimed ? isoTime(lastHeard) : undefined}>
      {isOld && <LiveAt />}
      {!isOld && (isTimed ? <StaleSince at={lastHeard} /> : fleet.freshness[freshness])}
    </span>
  );
}

/** When it last spoke, or for how long it has been silent. */
export function LastHeard({ card: { freshness, summary } }: OfCard) {
  const { words, formats } = useWords();
  const { lastHeard } = summary;
  if (lastHeard === null) return null;
  const iso = isoTime(lastHeard);
  return (
    <time class="cluster-heard" dateTime={iso} title={iso}>
      {freshness === 'live' ? words.lastHeard(formats.time(lastHeard, lastHeard)) : <Silence since={lastHeard} />}
    </time>
  );
}

/** Apart, for these follow the second hand. */
function StaleSince({ at }: { readonly at: number }) {
  const { formats } = useWords();
  const fleet = useFleetWords();
  return <>{fleet.staleSince(formats.time(at, useFleet().connection.present.value))}</>;
}

function LiveAt() {
  const { formats } = useWords();
  const fleet = useFleetWords();
  const { connection, moment } = useFleet();
  return <>{fleet.liveAt(formats.time(moment.value ?? 0, connection.present.value))}</>;
}

function Silence({ since }: { readonly since: number }) {
  const { formats } = useWords();
  const fleet = useFleetWords();
  return <>{fleet.silentFor(formats.duration((useFleet().moment.value ?? since) - since))}</>;
}
