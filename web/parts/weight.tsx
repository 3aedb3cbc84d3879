import { computed, type ReadonlySignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import type { VmId } from '../../core/model.ts';
import { useSession, useWords } from '../context.ts';
import { useLateWords } from '../late-words.ts';
import { usePictureTools } from '../models/picture-tools.ts';
import { shareOf } from '../sorting.ts';

/** What a card weighs, where the order goes by that: the sum of its VMs, `ids`, as they are now. */
export function Weight({ ids }: { readonly ids: ReadonlySignal<readonly VmId[]> }) {
  const { cluster } = useSession();
  const { order } = usePictureTools();
  const { formats } = useWords();
  const { search } = useLateWords();
  const weight = useMemo(
    () =>
      computed(() => {
        const { key } = order.sort.value;
        if (key !== 'memory' && key !== 'cpu') return null;
        return ids.value.reduce((total, id) => total + shareOf(cluster.vm(id) ?? {}, key), 0);
      }),
    [cluster, order, ids],
  );
  const sum = weight.value;
  if (sum === null) return null;
  return <> · {order.sort.value.key === 'memory' ? formats.memory(sum) : search.vcpus(formats.number(sum))}</>;
}
