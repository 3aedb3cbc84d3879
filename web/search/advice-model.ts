/**
 * What is advised where a search finds nothing, kept up with the picture: a commit can bring the very name that nobody had. To look for it takes
 * as long as a large commit, so that no commit and no rendering does it: it is looked for with the reader's key, and else in a task of its own,
 * once in a while.
 */
import { computed, effect, type ReadonlySignal, signal } from '@preact/signals';
import { isEqualJson } from '../../core/equal.ts';
import type { ClusterModel } from '../board/cluster-model.ts';
import type { PictureModel } from '../board/picture-model.ts';
import type { PageState } from '../page/page-state.ts';
import { type Advice, adviseOn } from './filter-advice.ts';
import type { FilterModel } from './filter-model.ts';

export interface AdviceModel {
  /** Something is searched, and nothing of it found, in a cluster that has VMs. */
  readonly isEmpty: ReadonlySignal<boolean>;
  /** The same list for as long as it says the same. Of this query, and at most {@link REST_MS} or {@link REST_LOOKS} looks old. */
  readonly advice: ReadonlySignal<readonly Advice[]>;
  /** Follows the picture. Answers how to stop. */
  start(): () => void;
}

export interface AdviceParts {
  readonly cluster: Pick<ClusterModel, 'counts' | 'hostNames' | 'host'>;
  readonly filter: Pick<FilterModel, 'query' | 'isActive' | 'found'>;
  readonly picture: Pick<PictureModel, 'vms' | 'follow'>;
  readonly state: ReadonlySignal<Pick<PageState, 'picture'>>;
  /** A clock that is never set back, in ms. */
  readonly now: () => number;
}

const NO_ADVICE: readonly Advice[] = [];

/** After a look nobody looks again for so long, and not for so many times as long as it took: who controls the names can make it take long. */
const REST_MS = 1_000;
const REST_LOOKS = 10;

export function createAdvice({ cluster, filter, picture, state, now }: AdviceParts): AdviceModel {
  // The list of migrations has VMs that are gone, and says itself what it leaves; that there is no VM at all is said as that.
  const isEmpty = computed(
    () => state.value.picture !== 'migrations' && cluster.counts.value.vms > 0 && filter.isActive.value && filter.found.value === 0,
  );
  const known = signal(NO_ADVICE);
  let restsUntil = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function look(): void {
    stopWaiting();
    if (!isEmpty.peek()) return;
    const begun = now();
    const hosts = cluster.hostNames.peek().flatMap((name) => cluster.host(name) ?? []);
    const next = adviseOn(filter.query.peek(), { vms: [...picture.vms().values()], hosts });
    const ended = now();
    restsUntil = ended + Math.max(REST_MS, REST_LOOKS * (ended - begun));
    if (!isEqualJson(known.peek(), next)) known.value = next;
  }

  function lookLater(): void {
    if (isEmpty.peek()) timer ??= setTimeout(look, restsUntil - now());
  }

  function stopWaiting(): void {
    clearTimeout(timer);
    timer = undefined;
  }

  return {
    isEmpty,
    advice: computed(() => (isEmpty.value ? known.value : NO_ADVICE)),
    start() {
      const stops = [
        stopWaiting,
        picture.follow(lookLater),
        effect(() => {
          filter.query.value;
          restsUntil = 0;
          // In the key's own task, and after its effects: one of them is the search, and in which order they run nobody promises.
          queueMicrotask(look);
        }),
        effect(() => {
          // Found for so long that what was advised before may be of names that are gone.
          if (isEmpty.value && now() >= restsUntil) known.value = NO_ADVICE;
          lookLater();
        }),
      ];
      return () => {
        for (const stop of stops) stop();
      };
    },
  };
}
