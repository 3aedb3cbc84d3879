import { For } from '@preact/signals/utils';
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

/** One list of VMs. Keyed by id, so that a chip keeps its element (without `getKey`, `<For>` keys by first index). */
export function LaneList({ lane, host }: LaneListProps) {
  const { cluster } = useSession();
  const { words } = useWords();
  const isMoving = lane === 'leaving' || lane === 'arriving';
  return (
    <div class="lane" data-lane={lane}>
      {isMoving && (
        <p class="lane-name" aria-hidden="true">
          {words.lanes[lane]}
        </p>
      )}
      <ul class="chips" aria-label={words.lanes[lane]}>
        <For each={cluster.lane(lane, host)} getKey={(id) => id}>
          {(id) => (isMoving ? <MovingChip id={id} isArriving={lane === 'arriving'} /> : <VmChip id={id} />)}
        </For>
      </ul>
    </div>
  );
}
