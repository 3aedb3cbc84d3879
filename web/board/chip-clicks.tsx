import { useEffect } from 'preact/hooks';
import { isSameSelection, selectDrawer, selecting } from '../details/drawer-selection.ts';
import { usePageState } from '../page/page-state-model.ts';

/** Opens what is clicked on in any picture: whatever has a button inside `data-vm`, or in a heading inside `data-host`. One listener for all. */
export function ChipClicks() {
  const { state, go } = usePageState();
  useEffect(() => {
    const closing = new AbortController();
    const open = ({ target }: MouseEvent): void => {
      const button = target instanceof Element ? target.closest('button') : null;
      const { vm, host } = button?.closest<HTMLElement>('[data-vm], [data-host]')?.dataset ?? {};
      const before = selectDrawer(state.peek());
      if (vm !== undefined) go(selecting(state.peek(), vm));
      else if (host !== undefined && button?.closest(HEADINGS) != null && !button.hasAttribute('aria-expanded')) go({ host, vm: null });
      else return;
      // It is open: whoever opens it again wants to go there.
      if (isSameSelection(before, selectDrawer(state.peek())))
        document.querySelector<HTMLElement>('.drawer')?.focus({ preventScroll: true });
    };
    document.addEventListener('click', open, { signal: closing.signal });
    return () => closing.abort();
  }, [state, go]);
  return null;
}

/** Of a card, and of a table's row. */
const HEADINGS = 'h2, h3, th';
