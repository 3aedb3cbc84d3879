/** The list of migrations: pages of what is over, newest first, and what of them is listed. Pure. */
import type { MigrationPage, MigrationRecord, StageSpan } from '../../core/history.ts';
import type { MigrationId, Transit, Vm, VmId } from '../../core/model.ts';

export interface HeldMoves {
  /** Newest first, without a gap. */
  readonly finished: readonly MigrationRecord[];
  /** Where the next page begins; null at the end of what is kept. */
  readonly next: string | null;
  /** Of the migrations under way, as far as the room was asked: frames tell only the newest stage. */
  readonly stages: ReadonlyMap<MigrationId, readonly StageSpan[]>;
}

type Page = Pick<MigrationPage, 'finished' | 'running' | 'next'>;

const stagesOf = ({ running }: Page): ReadonlyMap<MigrationId, readonly StageSpan[]> =>
  new Map(running.map(({ id, stages }) => [id, stages]));

/**
 * A first page that was read anew, before what is held. What has become known of a migration since is taken over. Where so many ended that
 * the page does not reach what is held, that is let go, for nobody knows what lies between; so it is where the page is all that is kept.
 */
export function joinFirstPage(held: HeldMoves | null, page: Page): HeldMoves {
  const whole: HeldMoves = { finished: page.finished, next: page.next, stages: stagesOf(page) };
  if (held === null || page.next === null) return whole;
  const fresh = new Set(page.finished.map(({ id }) => id));
  const older = held.finished.filter(({ id }) => !fresh.has(id));
  const isJoined = older.length < held.finished.length;
  if (!isJoined || older.length === 0) return whole;
  return { ...whole, finished: [...page.finished, ...older], next: held.next };
}

/** `before`: where the page begins. Where another end is held by now, it would leave a gap, and is not taken. */
export function joinOlderPage(held: HeldMoves | null, before: string, page: Pick<Page, 'finished' | 'next'>): HeldMoves | null {
  if (held?.next !== before) return held;
  const known = new Set(held.finished.map(({ id }) => id));
  return { ...held, finished: [...held.finished, ...page.finished.filter(({ id }) => !known.has(id))], next: page.next };
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
  return after?.lastMigration !== undefined && JSON.stringify(before?.lastMigration) !== JSON.stringify(after.lastMigration);
}
