import { useEffect } from 'preact/hooks';
import { usePageState } from '../models/page-state-model.ts';

/** Opens what is clicked on in any picture: whatever has a button inside `data-vm`. One listener, however many chips there are. */
export function ChipClicks() {
  const { go } = usePageState();
  useEffect(() => {
    const closing = new AbortController();
    const open = ({ target }: MouseEvent): void => {
      const id = target instanceof Element ? target.closest('button')?.closest<HTMLElement>('[data-vm]')?.dataset.vm : undefined;
      if (id !== undefined) go({ vm: id, host: null });
    };
    document.addEventListener('click', open, { signal: closing.signal });
    return () => closing.abort();
  }, [go]);
  return null;
}
