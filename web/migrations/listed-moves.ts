/** What of the migrations is listed: at the moment that is shown, as the search leaves them, and each of them once. Pure. */
import type { MigrationRecord } from '../../core/history.ts';
import type { Test } from '../search/query-terms.ts';
import { endedBy, type HeldMoves, type RunningMove } from './migration-list.ts';
import type { MoveRow } from './migration-match.ts';

export interface ListedMoves {
  readonly running: readonly RunningMove[];
  readonly finished: readonly MigrationRecord[];
  /** How many there are of both without the search. */
  readonly of: { readonly running: number; readonly finished: number };
  readonly isFiltered: boolean;
}

export interface MovesToList {
  readonly running: readonly RunningMove[];
  readonly held: HeldMoves | null;
  /** A moment of the past; null: now. */
  readonly at: number | null;
  /** Null where nothing is searched for. */
  readonly matcher: Test<MoveRow> | null;
}

/** Where the room already knows the end of what the picture still shows under way, the picture decides (SPEC V2): it is not listed twice. */
export function listMoves({ running, held, at, matcher }: MovesToList): ListedMoves {
  const underWay = new Set(running.map(({ id }) => id));
  const over = endedBy(held?.finished ?? [], at);
  // The same list as before, where it is the same: nothing of it is rendered again.
  const finished = over.some(({ id }) => underWay.has(id)) ? over.filter(({ id }) => !underWay.has(id)) : over;
  return {
    running: matcher === null ? running : running.filter(matcher),
    finished: matcher === null ? finished : finished.filter(matcher),
    of: { running: running.length, finished: finished.length },
    isFiltered: matcher !== null,
  };
}

/** There can be others that were not read: older ones, or newer ones where the last reading failed. */
export const isPartOnly = (held: HeldMoves | null, hasFailed: boolean): boolean => held === null || held.next !== null || hasFailed;

/** As ARIA counts the rows of the table: from 1, its head and the headings of both groups included. */
export const FIRST_RUNNING_ROW = 3;
/** A group without rows has one that says why. */
const rowsOf = (moves: readonly unknown[]): number => Math.max(1, moves.length);
export const firstFinishedRow = ({ running }: Pick<ListedMoves, 'running'>): number => FIRST_RUNNING_ROW + rowsOf(running) + 1;
export const lastRow = (listed: Pick<ListedMoves, 'running' | 'finished'>): number =>
  firstFinishedRow(listed) + rowsOf(listed.finished) - 1;
