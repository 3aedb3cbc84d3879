import { useComputed } from '@preact/signals';
import { useSession } from '../page/context.ts';
import { PICTURES } from '../page/page-state.ts';
import { usePageState } from '../page/page-state-model.ts';
import { StateLink } from '../parts/state-link.tsx';
import { useLateWords } from '../words/late-words.ts';

/** The pictures of a cluster, as links. That of hosts that are emptied is there where one is. */
export function ViewSwitch() {
  const { cluster } = useSession();
  const { search } = useLateWords();
  const { picture } = usePageState().state.value;
  const isAnyEmptied = useComputed(() => cluster.hostNames.value.some((name) => cluster.host(name)?.drain !== undefined)).value;
  const shown = PICTURES.filter((each) => each !== 'drain' || isAnyEmptied || picture === 'drain');
  return (
    <nav class="views" aria-label={search.views}>
      {shown.map((each) => (
        <StateLink key={each} to={{ picture: each }} isCurrent={each === picture}>
          {search.view[each]}
        </StateLink>
      ))}
    </nav>
  );
}
