import type { VmHistory } from '../../core/history.ts';
import type { HostName } from '../../core/model.ts';
import { useSession, useWords } from '../page/context.ts';
import { Elapsed } from '../parts/elapsed.tsx';
import { Moment } from '../parts/moment.tsx';
import { StateLink } from '../parts/state-link.tsx';
import { useDetailsWords } from '../words/view-words.ts';
import { endOf, isLater, type Shown, type TimelineEntry, timelineOf } from './timeline.ts';

export interface VmPlacesProps {
  readonly history: VmHistory;
  /** Where it is painted. */
  readonly host: HostName | null;
}

/** Where it has been, newest first; what nobody watched is a gap and not bridged. */
export function VmPlaces({ history, host }: VmPlacesProps) {
  const { timeline: words } = useDetailsWords();
  const shown: Shown = { host, at: useSession().connection.past.value?.at ?? null };
  return (
    <ol class="timeline">
      {timelineOf(history.places, history.migrations).map((entry, index) => {
        const later = isLater(entry, shown.at);
        return (
          <li
            key={index}
            data-entry={entry.kind}
            data-present={entry.kind === 'place' && endOf(entry, shown) === 'now' ? 'true' : undefined}
            data-later={later ? 'true' : undefined}
          >
            {later && <span class="timeline-later">{words.later}</span>}
            <Entry entry={entry} shown={shown} />
          </li>
        );
      })}
    </ol>
  );
}

interface EntryProps<Kind extends TimelineEntry['kind']> {
  readonly entry: TimelineEntry & { readonly kind: Kind };
  readonly shown: Shown;
}

function Entry({ entry, shown }: EntryProps<TimelineEntry['kind']>) {
  const { timeline: words } = useDetailsWords();
  switch (entry.kind) {
    case 'place':
      return <PlaceEntry entry={entry} shown={shown} />;
    case 'nowhere':
      return (
        <>
          <span>{words.nowhere}</span>{' '}
          <span class="timeline-span">
            <Moment at={entry.since} />
            {' – '}
            <End entry={entry} shown={shown} />
          </span>
        </>
      );
    case 'unwatched':
      return (
        <>
          <span>{words.unwatched}</span>{' '}
          <span class="timeline-span">
            {entry.since !== null && (
              <>
                {words.after} <Moment at={entry.since} />{' '}
              </>
            )}
            {entry.until !== null && (
              <>
                {words.before} <Moment at={entry.until} />
              </>
            )}
          </span>
        </>
      );
    case 'forgotten':
      return <span>{words.forgotten}</span>;
  }
}

function PlaceEntry({ entry, shown }: EntryProps<'place'>) {
  const { words } = useWords();
  const { timeline } = useDetailsWords();
  const { host, since, broughtBy, move } = entry;
  return (
    <>
      <StateLink to={{ host, vm: null }}>{host}</StateLink>{' '}
      <span class="timeline-span">
        {since === null ? timeline.cameUnwatched : <Moment at={since} />}
        {' – '}
        <End entry={entry} shown={shown} />
        {since !== null && shown.at === null && endOf(entry, shown) === 'now' && (
          <>
            {' · '}
            <Elapsed since={since} />
          </>
        )}
      </span>
      {broughtBy !== undefined && (
        <span class="timeline-move">{move === undefined ? timeline.broughtByMove : timeline.broughtBy(words.causes[move.cause])}</span>
      )}
    </>
  );
}

function End({ entry, shown }: EntryProps<'place' | 'nowhere'>) {
  const { timeline: words } = useDetailsWords();
  const end = endOf(entry, shown);
  if (end === 'open') return null;
  if (typeof end === 'number') return <Moment at={end} />;
  return <>{end === 'now' ? words.now : words.leftUnwatched}</>;
}
