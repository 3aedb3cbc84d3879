/**
 * How far migrations are, as the stream last said (SPEC U9). By the migration's id, which no other cluster has, so one store does for all
 * boards. It is no part of the painted picture: it neither makes a commit nor waits for one.
 */
import { signal, useComputed } from '@preact/signals';
import type { MigrationId, Transit } from '../../core/model.ts';
import { PROGRESS_STALE_AFTER_MS, type Progress, type ProgressEvent } from '../../core/progress.ts';
import { useSession } from '../page/context.ts';

interface Held {
  readonly progress: Progress;
  /** When the room passed it on, on its clock. */
  readonly at: number;
}

const held = signal<ReadonlyMap<MigrationId, Held>>(new Map());

const isFresh = ({ at }: Held, now: number): boolean => now - at <= PROGRESS_STALE_AFTER_MS;

/** By the room's own time, not by when it came: a page that was frozen gets all that was held up for it at once. */
export function readProgress({ now, progress }: ProgressEvent): void {
  const next = new Map([...held.peek()].filter(([, each]) => isFresh(each, now)));
  for (const each of progress) next.set(each.migration, { progress: each, at: now });
  held.value = next;
}

/** What there is of it that nobody could take for old news; undefined for nothing. */
export function selectProgress(migration: MigrationId | null, now: number | null): Progress | undefined {
  const all = held.value;
  const found = migration === null ? undefined : all.get(migration);
  return found !== undefined && now !== null && isFresh(found, now) ? found.progress : undefined;
}

/** Stages in which memory is copied, or about to be: afterwards what was measured last says nothing any more. */
export const MEASURED: ReadonlySet<Transit['stage']> = new Set(['preparing', 'transferring', 'switching']);

/** Whoever uses it is rendered again when the progress changes or has become old, and not with every second. */
export function useProgress({ id, stage }: Transit): Progress | undefined {
  const { now, past } = useSession().connection;
  const migration = MEASURED.has(stage) ? id : null;
  // What is measured is measured now, and says nothing of the past.
  const progress = useComputed(() => (past.value === null ? selectProgress(migration, now.value) : undefined)).value;
  // What was computed for the migration before this one stands until the next second.
  return progress?.migration === migration ? progress : undefined;
}
