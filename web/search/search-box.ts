/** The box that one types a search into. A shell over the document. */

export const SEARCH_BOX = 'search';

/** With the cursor at the end: also after something was chosen for the box, so that one goes on typing. */
export function focusSearchBox(): void {
  const box = document.getElementById(SEARCH_BOX);
  box?.focus();
  if (box instanceof HTMLInputElement) box.setSelectionRange(box.value.length, box.value.length);
}
