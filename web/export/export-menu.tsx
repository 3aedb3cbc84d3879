import type { ComponentChildren } from 'preact';
import { useRef } from 'preact/hooks';
import { usePictureTools, useVmCount } from '../board/picture-tools.ts';
import { useSession, useWords } from '../page/context.ts';
import { usePageState } from '../page/page-state-model.ts';
import { useLateWords } from '../words/late-words.ts';
import { type ExportFile, exportHostsCsv, exportJson, exportVmsCsv } from './export.ts';
import { readFilter, readHosts, readPicture, readVms } from './export-source.ts';
import { SaveStatus } from './save-status.tsx';
import { useSave } from './use-save.ts';

const MENU_ID = 'export-menu';

/** What is shown, to take away as a file. Of which moment it is stands in the file and in its name. */
export function ExportMenu() {
  const session = useSession();
  const tools = usePictureTools();
  const { state } = usePageState();
  const { export: words } = useLateWords();
  const menu = useRef<HTMLFieldSetElement>(null);
  const { saving, save } = useSave();

  function choose(make: () => ExportFile): void {
    menu.current?.hidePopover();
    void save(make);
  }
  const everything = () => readPicture(session, null);
  const found = () => readPicture(session, readFilter(session, tools));
  const vms = () => readVms(tools, state.peek().sort);
  return (
    <span class="export">
      <button type="button" popovertarget={MENU_ID}>
        {words.open}
      </button>
      <fieldset ref={menu} id={MENU_ID} class="panel export-menu" popover="auto" aria-label={words.title}>
        <Item onClick={() => choose(() => exportVmsCsv(vms(), found()))}>{words.vmsCsv}</Item>
        <Item onClick={() => choose(() => exportHostsCsv(readHosts(session), everything()))}>{words.hostsCsv}</Item>
        <Item onClick={() => choose(() => exportJson(vms(), readHosts(session), found()))}>{words.json}</Item>
        <WhatIsExported />
      </fieldset>
      <SaveStatus saving={saving} />
    </span>
  );
}

const Item = ({ onClick, children }: { readonly onClick: () => void; readonly children: ComponentChildren }) => (
  <button type="button" class="export-item" onClick={onClick}>
    {children}
  </button>
);

/** Before it is taken away: how many VMs, and of when. */
function WhatIsExported() {
  const { connection } = useSession();
  const { filter } = usePictureTools();
  const { formats } = useWords();
  const { export: words } = useLateWords();
  const vms = useVmCount();
  const { kind } = connection.badge.value;
  // Of a live picture, which is heard with every frame, it is not said when that was.
  const notLive = (heard: number | null): string => words.notLive(heard === null ? null : formats.time(heard, connection.now.value));
  return (
    <p class="export-what">
      {filter.isActive.value ? words.found(filter.found.value, vms) : words.all(vms)} {kind === 'past' && words.past}
      {kind !== 'past' && kind !== 'live' && notLive(connection.lastHeard.value)}
    </p>
  );
}
