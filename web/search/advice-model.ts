/**
 * What is advised where a search finds nothing, kept up with the picture: a commit can bring the very name that nobody had. To look for it takes
 * as long as a large commit, so it is looked at once for another query, and after commits in a task of its own and once in a while.
 */
import { computed, type ReadonlySignal, signal, untracked } from '@preact/signals';
import { isEqualJson } from '../../core/equal.ts';
import type { ClusterModel } from '../board/cluster-model.ts';
import type { PictureModel } from '../board/picture-model.ts';
import { type Advice, adviseOn } from './filter-advice.ts';
import type { FilterModel } from './filter-model.ts';

export interface AdviceModel {
  /** The same list for as long as it says the same; what the picture says otherwise it says {@link LOOK_INTERVAL_MS} later at most. */
  readonly advice: ReadonlySignal<readonly Advice[]>;
  /** Follows the picture. Answers how to stop. */
  start(): () => void;
}

export interface AdviceParts {
  readonly cluster: Pick<ClusterModel, 'hostNames' | 'host'>;
  readonly filter: Pick<FilterModel, 'query' | 'isActive'>;
  readonly picture: Pick<PictureModel, 'vms' | 'follow'>;
  /** Nothing is found; else there is no advice. */
  readonly isEmpty: ReadonlySignal<boolean>;
}

export const LOOK_INTERVAL_MS = 1_000;
const NO_ADVICE: readonly Advice[] = [];

export function createAdvice({ cluster, filter, picture, isEmpty }: AdviceParts): AdviceModel {
  const looks = signal(0);
  let known = NO_ADVICE;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const found = computed(() => {
    looks.value;
    const query = filter.query.value;
    const next = untracked(() => adviseOn(query, { vms: picture.vms().values(), hosts: hostsOf(cluster) }));
    if (!isEqualJson(known, next)) known = next;
    return known;
  });
  const look = (): void => {
    timer = undefined;
    looks.value++;
  };
  return {
    // Where a VM is found and lost with each frame, what was advised before it was found is not worked out again either.
    advice: computed(() => (isEmpty.value ? found.value : NO_ADVICE)),
    start() {
      const unfollow = picture.follow(() => {
        if (filter.isActive.peek()) timer ??= setTimeout(look, LOOK_INTERVAL_MS);
      });
      return () => {
        unfollow();
        clearTimeout(timer);
        timer = undefined;
      };
    },
  };
}

const hostsOf = ({ hostNames, host }: Pick<ClusterModel, 'hostNames' | 'host'>) => hostNames.value.flatMap((name) => host(name) ?? []);
