/** What is advised where a search finds nothing, kept up with the picture: a commit can bring the very name that nobody had. */
import { computed, type ReadonlySignal, signal, untracked } from '@preact/signals';
import { isEqualJson } from '../../core/equal.ts';
import type { ClusterModel } from '../board/cluster-model.ts';
import type { PictureModel } from '../board/picture-model.ts';
import { type Advice, adviseOn } from './filter-advice.ts';
import type { FilterModel } from './filter-model.ts';

export interface AdviceModel {
  /** The same list for as long as it says the same. */
  readonly advice: ReadonlySignal<readonly Advice[]>;
  /** Follows the picture. Answers how to stop. */
  start(): () => void;
}

export interface AdviceParts {
  readonly cluster: Pick<ClusterModel, 'hostNames' | 'host'>;
  readonly filter: Pick<FilterModel, 'query'>;
  readonly picture: Pick<PictureModel, 'vms' | 'follow'>;
  /** Nothing is found; else there is no advice. */
  readonly isEmpty: ReadonlySignal<boolean>;
}

export function createAdvice({ cluster, filter, picture, isEmpty }: AdviceParts): AdviceModel {
  const commits = signal(0);
  let known: readonly Advice[] = [];
  const advice = computed(() => {
    commits.value;
    const query = filter.query.value;
    const next = isEmpty.value ? untracked(() => adviseOn(query, { vms: picture.vms().values(), hosts: hostsOf(cluster) })) : [];
    if (!isEqualJson(known, next)) known = next;
    return known;
  });
  return {
    advice,
    start: () =>
      picture.follow(() => {
        if (isEmpty.peek()) commits.value++;
      }),
  };
}

const hostsOf = ({ hostNames, host }: Pick<ClusterModel, 'hostNames' | 'host'>) => hostNames.value.flatMap((name) => host(name) ?? []);
