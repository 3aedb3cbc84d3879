/** Whether somebody points at the picture, or has the focus in it: then nothing in it may change places. A shell over the document. */

/** What is ordered by numbers, which change. */
const PICTURE = '.hosts, .groups';

/** Calls `tell` with each change. Answers how to stop. */
export function watchAttention(tell: (isAttended: boolean) => void): () => void {
  let isPointed = false;
  let wasAttended = false;
  const closing = new AbortController();
  const { signal } = closing;
  const isIn = (target: EventTarget | null): boolean => target instanceof Element && target.closest(PICTURE) !== null;
  const look = (): void => {
    const isAttended = isPointed || isIn(document.activeElement);
    if (isAttended === wasAttended) return;
    wasAttended = isAttended;
    tell(isAttended);
  };
  const point = (next: boolean): void => {
    isPointed = next;
    look();
  };
  document.addEventListener('pointerover', ({ target }) => point(isIn(target)), { signal, passive: true });
  document.documentElement.addEventListener('pointerleave', () => point(false), { signal, passive: true });
  document.addEventListener('focusin', look, { signal });
  // While the focus goes from one to another, nobody has it.
  document.addEventListener('focusout', () => queueMicrotask(look), { signal });
  return () => closing.abort();
}
