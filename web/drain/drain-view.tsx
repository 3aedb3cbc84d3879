import { useRef } from 'preact/hooks';
import type { HostName } from '../../core/model.ts';
import { useSession } from '../page/context.ts';
import { usePageState } from '../page/page-state-model.ts';
import { StateLink } from '../parts/state-link.tsx';
import { useDrainWords } from '../words/view-words.ts';
import { DrainLists } from './drain-list-sections.tsx';
import { useDrain } from './drain-model.ts';
import { DrainPanel } from './drain-panel.tsx';

/** The drain board: of the host that the address names, else of all that are being emptied. */
export function DrainView() {
  const { host } = usePageState().state.value;
  return host === null ? <AllDrains /> : <HostBoard key={host} name={host} />;
}

function AllDrains() {
  const { cluster } = useSession();
  const words = useDrainWords();
  const names = cluster.hostNames.value.filter((name) => cluster.host(name)?.drain !== undefined);
  if (names.length === 0) return <Nothing {...words.none} />;
  return (
    <div class="drains">
      <h2 class="unseen">{words.overview}</h2>
      {names.map((name) => (
        <ListedDrain key={name} name={name} />
      ))}
    </div>
  );
}

function ListedDrain({ name }: { readonly name: HostName }) {
  const model = useDrain(name);
  const host = model.host.value;
  if (host?.drain === undefined) return null;
  return (
    <DrainPanel host={host} drain={host.drain} model={model}>
      <StateLink to={{ host: name }}>{host.displayName ?? name}</StateLink>
    </DrainPanel>
  );
}

function HostBoard({ name }: { readonly name: HostName }) {
  const { connection } = useSession();
  const words = useDrainWords();
  const model = useDrain(name);
  const wasEmptied = useRef(false);
  const host = model.host.value;
  const vms = model.residents.value.length;
  if (host?.drain === undefined) {
    if (host === undefined) return <Nothing name={name} {...words.noHost(vms)} />;
    // Of the past it may be what came before.
    const isBack = wasEmptied.current && connection.past.value === null;
    return <Nothing name={host.displayName ?? name} {...(isBack ? words.back(vms) : words.inUse(vms))} />;
  }
  wasEmptied.current = true;
  return (
    <div class="drain-board">
      <StateLink to={{ host: null }} class="drain-all">
        {words.all}
      </StateLink>
      <DrainPanel host={host} drain={host.drain} model={model}>
        {host.displayName ?? name}
      </DrainPanel>
      <DrainLists host={name} drain={host.drain} model={model} />
    </div>
  );
}

/** In place of a drain: why there is none. */
function Nothing({ name, title, text }: { readonly name?: string; readonly title: string; readonly text: string }) {
  const words = useDrainWords();
  return (
    <section class="empty drain-none">
      {name !== undefined && <p class="drain-none-name">{name}</p>}
      <h2>{title}</h2>
      <p>{text}</p>
      <StateLink to={{ picture: 'board', host: null, vm: null }} class="action">
        {words.board}
      </StateLink>
    </section>
  );
}
