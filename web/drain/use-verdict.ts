import type { Drain, HostName } from '../../core/model.ts';
import { useSession } from '../page/context.ts';
import { selectVerdict, type Verdict } from './drain-verdict.ts';

/** Of the picture as it is painted, and of all that is shown beside it. */
export function useVerdict(host: HostName, drain: Drain): Verdict {
  const { cluster, connection } = useSession();
  const shown = (['settled', 'leaving', 'arriving'] as const).reduce((sum, lane) => sum + cluster.lane(lane, host).value.length, 0);
  const present = connection.badge.value.kind === 'live' ? 'live' : 'old';
  const past = connection.freshness.value === 'live' ? 'past' : 'silent-past';
  return selectVerdict({ drain, picture: connection.past.value === null ? present : past, shown });
}
