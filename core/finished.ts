/** Ends of migrations that become known bit by bit (T3, T8). */
import type { FinishedMigration } from './model.ts';

type Told = Omit<FinishedMigration, 'id' | 'vm'>;

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
