/**
 * What the search finds in the painted picture. What does not match is in `session.dimmed`, which new chips read; on chips that are there
 * the attribute is set by hand, because a key may change ten thousand of them.
 */
import { batch, computed, effect, type ReadonlySignal, signal, untracked } from '@preact/signals';
import type { HostName, Vm, VmId } from '../../core/model.ts';
import type { PictureModel, VmChange } from '../board/picture-model.ts';
import type { PageStateModel } from '../page/page-state-model.ts';
import type { ClusterSession } from '../stream/cluster-session.ts';
import type { FilterMarks } from './filter-marks.ts';
import { parseQuery, type Query } from './query.ts';
import type { ValueWords } from './query-keys.ts';
import { compileQuery, hostFactsOf, type Matcher } from './query-match.ts';

export interface FilterModel {
  /** As it stands in the box; the address follows a moment later. */
  readonly text: ReadonlySignal<string>;
  readonly query: ReadonlySignal<Query>;
  /** Something is asked for; else every VM matches. */
  readonly isActive: ReadonlySignal<boolean>;
  /** What does not match is not shown. */
  readonly isHiding: ReadonlySignal<boolean>;
  /** How many VMs of the picture match. */
  readonly found: ReadonlySignal<number>;
  /** Another number each time other VMs match than before: whoever reads {@link matches} while rendering reads it too. */
  readonly revision: ReadonlySignal<number>;
  matches(id: VmId): boolean;
  type(text: string): void;
  /** The address says what is in the box, from now on. */
  settle(): void;
  /** Follows the picture and the address. Answers how to stop. */
  start(): () => void;
}

/** Browsers let a page change its address about a hundred times in half a minute. */
const ADDRESS_AFTER_MS = 350;

export interface FilterParts {
  readonly session: Pick<ClusterSession, 'name' | 'displayName' | 'cluster' | 'dimmed'>;
  readonly picture: PictureModel;
  readonly page: Pick<PageStateModel, 'state' | 'adjust'>;
  /** The reader's. */
  readonly words: ReadonlySignal<ValueWords>;
  readonly marks: FilterMarks;
}

export function createFilter({ session, picture, page, words, marks }: FilterParts): FilterModel {
  const { cluster, dimmed } = session;
  const typed = signal<string | null>(null);
  const written = computed(() => page.state.value.query);
  const text = computed(() => typed.value ?? written.value);
  const query = computed(() => parseQuery(text.value, words.value));
  const matcher = computed(() =>
    compileQuery(query.value, { host: picture.host, cluster: [session.name, session.displayName.value].filter((name) => name !== '') }),
  );
  const isActive = computed(() => matcher.value !== null);
  const isHiding = computed(() => isActive.value && page.state.value.isHiding);
  const revision = signal(0);
  const hostFacts = new Map<HostName, string>();
  let timer: ReturnType<typeof setTimeout> | undefined;

  function forget(): void {
    clearTimeout(timer);
    typed.value = null;
  }

  function settle(): void {
    clearTimeout(timer);
    const next = typed.peek();
    if (next === null) return;
    batch(() => {
      page.adjust({ query: next });
      typed.value = null;
    });
  }

  function look(vms: Iterable<readonly [VmId, Vm | undefined]>, matching: Matcher | null): void {
    let isChanged = false;
    for (const [id, vm] of vms) {
      const isDimmed = vm !== undefined && matching !== null && !matching.matches(vm);
      if (isDimmed === dimmed.has(id)) continue;
      isChanged = true;
      if (isDimmed) dimmed.add(id);
      else dimmed.delete(id);
      marks.dim(id, isDimmed, vm?.transit !== undefined);
    }
    if (isChanged) revision.value++;
  }

  function follow(changes: readonly VmChange[], hosts: ReadonlySet<HostName>): void {
    const matching = matcher.peek();
    const isSurrounded = noteHosts(hosts) && matching?.readsHosts === true;
    look(isSurrounded ? [...picture.vms(), ...gone(changes)] : changes.map(({ id, after }) => [id, after]), matching);
  }

  function noteHosts(names: ReadonlySet<HostName>): boolean {
    let isChanged = false;
    for (const name of names) {
      const host = picture.host(name);
      const facts = host === undefined ? '' : hostFactsOf(host);
      if ((hostFacts.get(name) ?? '') === facts) continue;
      isChanged = true;
      if (facts === '') hostFacts.delete(name);
      else hostFacts.set(name, facts);
    }
    return isChanged;
  }

  return {
    text,
    query,
    isActive,
    isHiding,
    found: computed(() => {
      revision.value;
      return cluster.counts.value.vms - dimmed.size;
    }),
    revision,
    matches: (id) => !dimmed.has(id),
    type(next) {
      typed.value = next;
      clearTimeout(timer);
      timer = setTimeout(settle, ADDRESS_AFTER_MS);
    },
    settle,
    start() {
      const unfollow = picture.follow(follow);
      // Whoever goes back in the browser's history, or follows a link, leaves what was just typed.
      const stopReading = effect(() => {
        written.value;
        untracked(forget);
      });
      const stopLooking = effect(() => {
        const matching = matcher.value;
        untracked(() => look(picture.vms(), matching));
      });
      const stopTelling = effect(() => {
        marks.show(isActive.value ? (isHiding.value ? 'hide' : 'dim') : null);
      });
      return () => {
        unfollow();
        stopReading();
        stopLooking();
        forget();
        stopTelling();
        marks.show(null);
      };
    },
  };
}

const gone = (changes: readonly VmChange[]): (readonly [VmId, undefined])[] =>
  changes.flatMap(({ id, after }) => (after === undefined ? [[id, undefined] as const] : []));
