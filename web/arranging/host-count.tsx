import { effect, useComputed } from '@preact/signals';
import { useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import type { HostName, VmId } from '../../core/model.ts';
import type { ClusterModel } from '../board/cluster-model.ts';
import { isNarrow } from '../board/narrow-model.ts';
import { useFilter } from '../board/picture-tools.ts';
import { usePage, useSession } from '../page/context.ts';
import { lateWordsOf, useLateWords } from '../words/late-words.ts';
import { foldedHosts, noteFolding, toggleHost } from './fold-model.ts';
import { selectFolding } from './folding.ts';
import { createShownCounts } from './shown-counts.ts';
import { Weight } from './weight.tsx';

/**
 * How many VMs a host's card has, and how many of them it shows; null for the VMs that are on no host. On a narrow page the card can be folded.
 * A key in the search may change a thousand of these: text and folding follow signals, without rendering.
 */
export function HostCount({ host }: { readonly host: HostName | null }) {
  const session = useSession();
  const { settings } = usePage();
  const filter = useFilter();
  const place = useRef<HTMLSpanElement>(null);
  const lists = useComputed(() => listsOf(session.cluster, host));
  const shown = useMemo(() => createShownCounts(lists, filter), [lists, filter]);
  const residents = useComputed(() => lists.value.slice(0, 2).flat());
  const isFolded = useComputed(() => isNarrow.value && host !== null && foldedHosts(session).value.has(host));
  const text = useComputed(() => {
    const [settled = 0, leaving = 0] = lists.value.map((ids) => ids.length);
    const [shownSettled = 0, shownLeaving = 0] = shown.value;
    const { search } = lateWordsOf(settings.language.value);
    return filter.isHiding.value && settled + leaving > 0
      ? search.shown(shownSettled + shownLeaving, settled + leaving)
      : settings.messages.value.vmCount(settled + leaving);
  });
  // The card is drawn by the first load, which knows nothing of this. Not useSignalEffect: it waits for the next paint, and a VM that
  // arrives would not be seen before.
  useLayoutEffect(() => {
    const card = place.current?.closest('section');
    if (card == null) return;
    const stop = effect(() => {
      const [settled = 0, leaving = 0, arriving = 0] = shown.value;
      const folding = selectFolding({ settled, moving: leaving + arriving, isHiding: filter.isHiding.value, isFolded: isFolded.value });
      if ((card.dataset.folding ?? null) === folding) return;
      if (folding === null) delete card.dataset.folding;
      else card.dataset.folding = folding;
      noteFolding();
    });
    return () => {
      stop();
      delete card.dataset.folding;
    };
  }, [filter, shown, isFolded]);
  return (
    <span ref={place}>
      {text}
      <Weight ids={residents} />
      {host !== null && isNarrow.value && <FoldButton host={host} isFolded={isFolded.value} />}
    </span>
  );
}

function FoldButton({ host, isFolded }: { readonly host: HostName; readonly isFolded: boolean }) {
  const session = useSession();
  const { search } = useLateWords();
  const name = session.cluster.host(host)?.displayName ?? host;
  return (
    <button type="button" class="fold" aria-expanded={!isFolded} aria-label={search.fold(name)} onClick={() => toggleHost(session, host)} />
  );
}

/** Who stands there, who leaves, who arrives. */
const listsOf = ({ lane }: ClusterModel, host: HostName | null): readonly (readonly VmId[])[] =>
  host === null ? [lane('unplaced', null).value] : [lane('settled', host).value, lane('leaving', host).value, lane('arriving', host).value];
