/**
 * Migrations that failed while nobody looked, until somebody does: what a chat calls unread. Those of the last hour, and of VMs that have
 * not moved since. Pure.
 */
import type { Vm, VmId } from '../../core/model.ts';
import type { Happening } from './happenings.ts';

export const UNSEEN_FOR_MS = 3_600_000;

/** When each was told, in milliseconds of any steady clock. */
export type UnseenFailures = ReadonlyMap<VmId, number>;

export const NONE_UNSEEN: UnseenFailures = new Map();

export interface UnseenEvent {
  readonly happenings: readonly Happening[];
  /** The reader sees the page, and with it what there is. */
  readonly isLookedAt: boolean;
  /** As the picture is now. */
  readonly vmOf: (id: VmId) => Pick<Vm, 'lastMigration'> | undefined;
}

/** The same object where nothing changes. */
export function nextUnseen(unseen: UnseenFailures, { happenings, isLookedAt, vmOf }: UnseenEvent, at: number): UnseenFailures {
  if (isLookedAt) return unseen.size === 0 ? unseen : NONE_UNSEEN;
  const failed = happenings.flatMap((happening): [VmId, number][] => (happening.kind === 'failed' ? [[happening.vm, at]] : []));
  const next = [...new Map([...unseen, ...failed])].filter(
    ([id, since]) => at - since < UNSEEN_FOR_MS && vmOf(id)?.lastMigration?.outcome === 'failed',
  );
  return failed.length === 0 && next.length === unseen.size ? unseen : new Map(next);
}
