import { effect } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { foldingRevision } from '../arranging/fold-model.ts';
import { watchBoard } from '../board/board-watch.ts';
import { useFilter } from '../board/picture-tools.ts';
import { selectDrawer, selecting } from '../details/drawer-selection.ts';
import { useSession } from '../page/context.ts';
import { type PageStateModel, usePageState } from '../page/page-state-model.ts';
import { type KeyAction, type KeyPlace, selectKeyAction } from './keys.ts';
import { areShortcutsOn } from './late-settings-model.ts';
import { createRovingFocus, isStop, type RovingFocus } from './roving-focus.ts';
import { runShortcut } from './shortcut-model.ts';

/** The keys of the page. One listener, however many VMs there are; which key does what is decided in keys.ts. Shows nothing. */
export function Keyboard() {
  const { cluster } = useSession();
  const pageState = usePageState();
  const filter = useFilter();
  useEffect(() => {
    const roving = createRovingFocus((id) => {
      const vm = cluster.vm(id);
      return vm?.displayName ?? vm?.name ?? '';
    });
    const unwatch = watchBoard(() => {
      // Tables have tab stops of their own, and looking through them for the board's costs.
      const { picture } = pageState.state.peek();
      if (picture === 'board' || picture === 'drain') roving.repair();
    });
    const stopFollowing = effect(() => {
      foldingRevision.value;
      if (filter.isHiding.value) filter.revision.value;
      // Once what is hidden now is hidden in the document, too.
      queueMicrotask(roving.repair);
    });
    const closing = new AbortController();
    const read = (event: KeyboardEvent): void => {
      const action = readKey(event);
      if (action !== null && run(action, { roving, pageState })) event.preventDefault();
    };
    document.addEventListener('keydown', read, { signal: closing.signal });
    return () => {
      closing.abort();
      unwatch();
      stopFollowing();
      roving.close();
    };
  }, [cluster, filter, pageState]);
  return null;
}

/** Fields that take letters themselves; a select goes to the entry that begins so. */
const TEXT_FIELDS =
  'input:not([type="checkbox"], [type="radio"], [type="button"], [type="range"], [readonly]), textarea, select, [contenteditable]:not([contenteditable="false"])';

/** Escape belongs to what lies on top; the browser closes that. */
const ON_TOP = 'dialog[open], :popover-open';

export function readKey(event: KeyboardEvent): KeyAction | null {
  if (event.defaultPrevented) return null;
  const place: KeyPlace = { focus: focusOf(event.target), areShortcutsOn: areShortcutsOn.peek() };
  const action = selectKeyAction(event, place);
  // Last, for it looks through the whole document, and most keys are none of ours.
  return action !== null && document.querySelector(ON_TOP) !== null ? selectKeyAction(event, { ...place, focus: 'modal' }) : action;
}

function focusOf(target: EventTarget | null): KeyPlace['focus'] {
  if (!(target instanceof Element)) return 'elsewhere';
  if (target.closest(TEXT_FIELDS) !== null) return 'text';
  return isStop(target) ? 'board' : 'elsewhere';
}

interface Doers {
  readonly roving: RovingFocus;
  readonly pageState: PageStateModel;
}

/** Answers whether there was something to do: else the key is left to the browser. */
function run(action: KeyAction, { roving, pageState: { state, go } }: Doers): boolean {
  switch (action.name) {
    case 'move':
      return roving.move(action.direction);
    case 'edge':
      return roving.toEdge(action.to, action.of);
    case 'host':
      return roving.toHost(action.step);
    case 'type':
      return roving.type(action.letter);
    case 'picture':
      go({ picture: action.picture });
      return true;
    case 'shortcut':
      return runShortcut(action.shortcut);
    case 'close':
      if (selectDrawer(state.peek()) === null) return roving.leave();
      go(selecting(state.peek(), null));
      return true;
  }
}
