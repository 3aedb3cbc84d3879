/** How an order stands in the address: a minus in front for the other way round, and nothing for the usual one, by name. */
export function splitSort(text: string): { readonly name: string; readonly isDescending: boolean } {
  const isDescending = text.startsWith('-');
  return { name: isDescending ? text.slice(1) : text, isDescending };
}
export const joinSort = (name: string, isDescending: boolean): string =>
  name === 'name' && !isDescending ? '' : `${isDescending ? '-' : ''}${name}`;
