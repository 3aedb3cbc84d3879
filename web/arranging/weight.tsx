import { computed, type ReadonlySignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import type { VmId } from '../../core/model.ts';
import { usePictureTools } from '../board/picture-tools.ts';
import { useSession, useWords } from '../page/context.ts';
import { useLateWords } from '../words/late-words.ts';
import { memoryText } from '../words/memory-text.ts';
import { sumWeights, weightOf } from './vm-weight.ts';

/** What a card weighs, where the order goes by that: the sum of its VMs, `ids`, as they are now. What is not known is not left out silently. */
export function Weight({ ids }: { readonly ids: ReadonlySignal<readonly VmId[]> }) {
  const { cluster } = useSession();
  const { order } = usePictureTools();
  const { formats } = useWords();
  const { capacity, search } = useLateWords();
  const weight = useMemo(
    () =>
      computed(() => {
        const { key } = order.sort.value;
        return key === 'memory' || key === 'cpu' ? sumWeights(ids.value.map((id) => weightOf(cluster.vm(id) ?? {}, key))) : null;
      }),
    [cluster, order, ids],
  ).value;
  if (weight === null) return null;
  const isMemory = order.sort.value.key === 'memory';
  if (weight.isUnknown) return <> · {isMemory ? search.memoryUnknown : search.vcpusUnknown}</>;
  const sum = isMemory ? memoryText(weight.sum, formats) : search.vcpus(formats.number(weight.sum));
  return <> · {weight.isPartial ? capacity.atLeast(sum) : sum}</>;
}
