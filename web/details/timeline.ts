/** Where a VM has been, with what is not known of it as gaps of their own (SPEC T6, T7). Pure. */
import type { MigrationRecord, PlaceRecord } from '../../core/history.ts';
import { MAX_PLACES_COUNT } from '../../core/limits.ts';
import type { HostName, MigrationId } from '../../core/model.ts';

export type TimelineEntry =
  | {
      readonly kind: 'place';
      readonly host: HostName;
      /** Null: it came, or left, while nobody was watching. */
      readonly since: number | null;
      readonly until: number | null;
      readonly isPresent: boolean;
      /** The migration that brought it there, where that is certain; its record where it is over. */
      readonly broughtBy: MigrationId | undefined;
      readonly move: MigrationRecord | undefined;
    }
  /** It was on no host, as the room saw. `until` null: it still is not. */
  | { readonly kind: 'nowhere'; readonly since: number; readonly until: number | null }
  /** Nobody was watching for some of the time between these moments: it may have been anywhere. Null: that end is not known. */
  | { readonly kind: 'unwatched'; readonly since: number | null; readonly until: number | null }
  /** There were places before, which are not kept. */
  | { readonly kind: 'forgotten' };

/** Newest first; `places` as the room tells them, newest last. */
export function timelineOf(places: readonly PlaceRecord[], migrations: readonly MigrationRecord[]): TimelineEntry[] {
  const recordOf = new Map(migrations.map((record) => [record.id, record]));
  const entries = places.flatMap((place, index): TimelineEntry[] => {
    const { host, since, until, present, broughtBy } = place;
    const own: TimelineEntry = {
      kind: 'place',
      host,
      since,
      until,
      isPresent: present === true,
      broughtBy,
      move: broughtBy === undefined ? undefined : recordOf.get(broughtBy),
    };
    const gap = gapAfter(place, places[index + 1]);
    return gap === null ? [own] : [own, gap];
  });
  if (places.length >= MAX_PLACES_COUNT) entries.unshift({ kind: 'forgotten' });
  return entries.reverse();
}

function gapAfter({ until, present }: PlaceRecord, next: PlaceRecord | undefined): TimelineEntry | null {
  if (present === true) return null;
  const since = next === undefined ? null : next.since;
  if (next === undefined && until !== null) return { kind: 'nowhere', since: until, until: null };
  if (until === null || since === null) return { kind: 'unwatched', since: until, until: since };
  return until === since ? null : { kind: 'nowhere', since: until, until: since };
}

/** The picture beside it: where the VM is painted, and of which moment; `at` null: the present. */
export interface Shown {
  readonly host: HostName | null;
  readonly at: number | null;
}

/**
 * Until when it was so; `unwatched`: nobody knows. What the answer takes for the present is `now` only where the picture agrees, for it can be
 * older than that; else it has ended, and the next answer says when (`open`). A picture of the past says nothing of now.
 */
export function endOf(entry: TimelineEntry & { readonly kind: 'place' | 'nowhere' }, shown: Shown): number | 'now' | 'open' | 'unwatched' {
  if (entry.until !== null) return entry.until;
  if (entry.kind === 'place' && !entry.isPresent) return 'unwatched';
  return shown.at !== null || shown.host === (entry.kind === 'place' ? entry.host : null) ? 'now' : 'open';
}

/** Whether what is told began after the moment that is shown; null: the present is. What has no time of its own is not called later. */
export const isLater = (entry: TimelineEntry, shown: number | null): boolean =>
  shown !== null && entry.kind !== 'forgotten' && entry.since !== null && entry.since > shown;

/**
 * The place where it was at that moment, which is the newest one where the present is shown (`at` null). Undefined where the places do not
 * certainly tell: they come with an answer of their own, which can be older or newer than what is painted.
 */
export const placeAt = (places: readonly PlaceRecord[], host: HostName, at: number | null): PlaceRecord | undefined =>
  at === null
    ? places.findLast((place) => place.host === host && place.present === true)
    : places.findLast(({ host: there, since, until }) => there === host && since !== null && since <= at && (until === null || at < until));
