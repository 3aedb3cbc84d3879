/** Ends of migrations that become known bit by bit (T3, T8). */
import type { EndedMigration } from './memory.ts';
import type { Cause, FinishedMigration } from './model.ts';

type Told = Omit<FinishedMigration, 'id' | 'vm'>;

/** The signs of a cause can go before the migration does: what says more stays. */
const rankOf = (cause: Cause): number => (cause === 'unknown' ? 0 : cause === 'drain' ? 1 : 2);
export const saysMore = (cause: Cause, than: Cause): boolean => rankOf(cause) > rankOf(than);

/** What is known, with what it lacks filled in: a later look adds, it never takes back. */
export function completeEnd<End extends Told>(known: End, later: Told): End {
  const isCauseNew = known.cause === 'unknown' && later.cause !== 'unknown';
  const evidence = isCauseNew ? later.evidence : (known.evidence ?? (known.cause === later.cause ? later.evidence : undefined));
  const requested = known.requested ?? later.requested;
  const reason = known.reason ?? (known.outcome === 'succeeded' ? undefined : later.reason);
  const overAt = known.overAt ?? later.overAt;
  return {
    ...known,
    cause: isCauseNew ? later.cause : known.cause,
    from: known.from ?? later.from,
    to: known.to ?? later.to,
    createdAt: known.createdAt ?? later.createdAt,
    ...(evidence !== undefined && { evidence }),
    ...(requested !== undefined && { requested }),
    ...(reason !== undefined && { reason }),
    ...(overAt !== undefined && { overAt }),
  };
}

/** The known end of a migration that had vanished takes over; what was seen of it while it was under way stays. */
export function mergeEnds(vanished: EndedMigration, ended: EndedMigration): EndedMigration {
  const isCauseKept = saysMore(vanished.cause, ended.cause);
  const { evidence, ...rest } = ended;
  const requested = ended.requested ?? vanished.requested;
  const because = isCauseKept ? vanished.evidence : (evidence ?? (vanished.cause === ended.cause ? vanished.evidence : undefined));
  const trouble = ended.outcome === 'failed' && ended.reason === undefined ? (ended.trouble ?? vanished.trouble) : undefined;
  return {
    ...rest,
    cause: isCauseKept ? vanished.cause : ended.cause,
    from: ended.from ?? vanished.from,
    to: ended.to ?? vanished.to,
    startedAt: ended.startedAt ?? vanished.startedAt,
    endedAt: vanished.endedAt ?? ended.endedAt,
    stages: ended.stages.length > 0 ? ended.stages : vanished.stages,
    blackoutMs: ended.blackoutMs ?? vanished.blackoutMs ?? null,
    ...(because !== undefined && { evidence: because }),
    ...(requested !== undefined && { requested }),
    ...(trouble !== undefined && { trouble }),
  };
}
