import type { HostName } from '../../core/model.ts';
import type { Lane } from '../board.ts';
import { useSession, useWords } from '../context.ts';
import { MovingChip } from './moving-chip.tsx';
import { VmChip } from './vm-chip.tsx';

export interface LaneListProps {
  readonly lane: Lane;
  /** Null for the VMs that are on no host. */
  readonly host: HostName | null;
}

/** One list of VMs. A chip whose id stays is not rendered again: what reads signals is so only for new props. */
export function LaneList({ lane, host }: LaneListProps) {
  const { arrangement, cluster } = useSession();
  const { words } = useWords();
  const ids = cluster.lane(lane, host).value;
  const isMoving = lane === 'leaving' || lane === 'arriving';
  return (
    <div class="lane" data-lane={lane}>
      {isMoving && (
        <p class="lane-name" aria-hidden="true">
          {words.lanes[lane]}
        </p>
      )}
      <ul class="chips" aria-label={words.lanes[lane]}>
        {(arrangement.value?.vms(ids) ?? ids).map((id) =>
          isMoving ? <MovingChip key={id} id={id} isArriving={lane === 'arriving'} /> : <VmChip key={id} id={id} />,
        )}
      </ul>
    </div>
  );
}
