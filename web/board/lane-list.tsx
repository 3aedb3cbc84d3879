import type { HostName } from '../../core/model.ts';
import { useSession, useWords } from '../page/context.ts';
import { Rest } from '../rendering/rest.tsx';
import type { Lane } from './board.ts';
import { MovingChip } from './moving-chip.tsx';
import { VmChip } from './vm-chip.tsx';

export interface LaneListProps {
  readonly lane: Lane;
  /** Null for the VMs that are on no host. */
  readonly host: HostName | null;
  /** How many VMs are drawn by now; undefined: all. */
  readonly limit?: number | undefined;
}

/** One list of VMs. A chip whose id stays is not rendered again: what reads signals is so only for new props. */
export function LaneList({ lane, host, limit = Number.POSITIVE_INFINITY }: LaneListProps) {
  const session = useSession();
  const { words } = useWords();
  const painted = session.cluster.lane(lane, host).value;
  const ids = session.arrangement.value?.vms(painted) ?? painted;
  const isCut = limit < ids.length;
  const isMoving = lane === 'leaving' || lane === 'arriving';
  return (
    <div class="lane" data-lane={lane}>
      {isMoving && (
        <p class="lane-name" aria-hidden="true">
          {words.lanes[lane]}
        </p>
      )}
      <ul class="chips" aria-label={words.lanes[lane]} aria-busy={isCut || undefined}>
        {ids
          .slice(0, limit)
          .map((id) =>
            isMoving ? (
              <MovingChip key={id} id={id} isArriving={lane === 'arriving'} />
            ) : (
              <VmChip key={id} id={id} session={session} words={words} />
            ),
          )}
        {isCut && <Rest vms={ids.length - limit} tag="li" />}
      </ul>
    </div>
  );
}
