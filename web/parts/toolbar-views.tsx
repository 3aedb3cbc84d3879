import { useComputed } from '@preact/signals';
import { useSession } from '../context.ts';
import { useLateWords } from '../late-words.ts';
import { usePageState } from '../models/page-state-model.ts';
import { PICTURES } from '../page-state.ts';
import { StateLink } from './state-link.tsx';

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
