import type { CapacitySum, ClusterCapacity } from '../../core/model.ts';
import type { Capacity } from '../details/capacity.ts';
import { capacityText } from '../details/capacity-text.ts';
import { useWords } from '../page/context.ts';
import { useLateWords } from '../words/late-words.ts';
import { useFleetWords } from '../words/view-words.ts';

/** What the VMs of a cluster are given of what its hosts can give; of each host its drawer tells the same. */
export function ClusterCapacitySums({ capacity }: { readonly capacity: ClusterCapacity }) {
  const { formats } = useWords();
  const { capacity: words } = useLateWords();
  const fleet = useFleetWords();
  return (
    <dl class="cluster-capacity">
      {(['memory', 'cpu'] as const).map((of) => (
        <div key={of}>
          <dt>{words[of].name}</dt>
          <dd>{capacityText(asOfHost(capacity[of]), of, { ...words, allocatableUnknown: fleet.allocatableUnknown }, formats).head}</dd>
        </div>
      ))}
    </dl>
  );
}

const asOfHost = ({ allocatable, given, unknown = 0 }: CapacitySum): Capacity => ({
  allocatable,
  here: { sum: given, unknown },
  arriving: { sum: 0, unknown: 0 },
});
