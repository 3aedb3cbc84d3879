/** The list of migrations: pages of what is over, newest first, and what of them is listed. Pure. */
import { isEqualJson } from '../../core/equal.ts';
import type { MigrationPage, MigrationRecord, StageSpan } from '../../core/history.ts';
import type { MigrationId, Transit, Vm, VmId } from '../../core/model.ts';

export interface HeldMoves {
  /** Newest first, without a gap. */
  readonly finished: readonly MigrationRecord[];
  /** Where the next page begins; null at the end of what is kept. */
  readonly next: string | null;
  /** The last ones of the pages that were read, and where the page after each begins: there the list can be cut off. */
  readonly ends: ReadonlyMap<MigrationId, string>;
  /** How many the reader has asked for. */
  readonly asked: number;
  /** Of the migrations under way, as far as the room was asked: frames tell only the newest stage. */
  readonly stages: ReadonlyMap<MigrationId, readonly StageSpan[]>;
}

type Page = Pick<MigrationPage, 'finished' | 'running' | 'next'>;

const stagesOf = ({ running }: Page): ReadonlyMap<MigrationId, readonly StageSpan[]> =>
  new Map(running.map(({ id, stages }) => [id, stages]));

const endOf = ({ finished, next }: Pick<Page, 'finished' | 'next'>): readonly (readonly [MigrationId, string])[] => {
  const last = finished.at(-1);
  return last === undefined || next === null ? [] : [[last.id, next]];
};

/**
 * A first page that was read anew, before what is held. What has become known of a migration since is taken over. Where so many ended that
 * the page does not reach what is held, that is let go, for nobody knows what lies between; so it is where the page is all that is kept.
 */
export function joinFirstPage(held: HeldMoves | null, page: Page): HeldMoves {
  const { finished, next } = page;
  const whole: HeldMoves = { finished, next, ends: new Map(endOf(page)), asked: finished.length, stages: stagesOf(page) };
  if (held === null || next === null) return whole;
  const fresh = new Set(finished.map(({ id }) => id));
  const older = held.finished.filter(({ id }) => !fresh.has(id));
  const isJoined = older.length < held.finished.length;
  if (!isJoined || older.length === 0) return whole;
  const ends = new Map([...held.ends, ...whole.ends]);
  return { ...whole, finished: [...finished, ...older], next: held.next, ends, asked: Math.max(held.asked, whole.asked) };
}

/** So many times what was asked for may be held: whoever reads the end of it does not lose it to the next few that come. */
const MOST_TIMES_ASKED = 2;

/** In a list that is left open for weeks, what nobody has asked for is let go of, from where a page ended. The same one where nothing is. */
export function cutOff(held: HeldMoves): HeldMoves {
  const { finished, ends, asked } = held;
  const index = finished.findIndex(({ id }, place) => place + 1 >= MOST_TIMES_ASKED * asked && ends.has(id));
  const next = ends.get(finished[index]?.id ?? '');
  if (next === undefined || index === finished.length - 1) return held;
  const kept = finished.slice(0, index + 1);
  const ids = new Set(kept.map(({ id }) => id));
  return { ...held, finished: kept, next, ends: new Map([...ends].filter(([id]) => ids.has(id))) };
}

/** `before`: where the page begins. Where another end is held by now, it would leave a gap, and is not taken. */
export function joinOlderPage(held: HeldMoves | null, before: string, page: Pick<Page, 'finished' | 'next'>): HeldMoves | null {
  if (held?.next !== before) return held;
  const known = new Set(held.finished.map(({ id }) => id));
  const finished = [...held.finished, ...page.finished.filter(({ id }) => !known.has(id))];
  const ends = new Map([...held.ends, ...endOf({ finished, next: page.next })]);
  return { ...held, finished, next: page.next, ends, asked: finished.length };
}

/** A migration under way, as the painted picture has it. */
export interface RunningMove extends Transit {
  readonly vm: VmId;
}

/** Newest first; those that began at one moment by name. */
export const runningMoves = (vms: Iterable<Vm>): RunningMove[] =>
  [...vms]
    .flatMap(({ id, transit }) => (transit === undefined ? [] : [{ ...transit, vm: id }]))
    .sort((a, b) => b.startedAt - a.startedAt || (a.vm < b.vm ? -1 : 1));

/** The stages of a migration under way that were over at a moment of the past; null: now. */
export const stagesOver = (stages: readonly StageSpan[], at: number | null): StageSpan[] =>
  stages.filter((span) => span.durationMs !== null && (at === null || span.at + span.durationMs <= at));

/** Those that were over at a moment of the past; null: all. What the room learnt later it did not know then. */
export const endedBy = (finished: readonly MigrationRecord[], at: number | null): readonly MigrationRecord[] =>
  at === null ? finished : finished.filter(({ recordedAt }) => recordedAt <= at);

/** Whether what is held ends before it reaches the moment: then nothing of it is listed, though there may be some. */
export const endsAfter = ({ finished, next }: HeldMoves, at: number | null): boolean => {
  const last = finished.at(-1);
  return at !== null && next !== null && last !== undefined && last.recordedAt > at;
};

/** Whether a change of a VM means that a migration of it has ended, or more of one has become known. */
export function hasEnded(before: Vm | undefined, after: Vm | undefined): boolean {
  if (before?.transit !== undefined && before.transit.id !== after?.transit?.id) return true;
  return after?.lastMigration !== undefined && !isEqualJson(before?.lastMigration, after.lastMigration);
}
