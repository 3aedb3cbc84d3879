/** Whether the list of clusters gives way to the board of the only one. */

/** Somebody opened this page at its root, rather than coming back to the list, or loading it again. A shell. */
export function isArrivalAtRoot(): boolean {
  const [navigation] = performance.getEntriesByType('navigation');
  if (!(navigation instanceof PerformanceNavigationTiming) || navigation.type !== 'navigate') return false;
  const { pathname, search } = new URL(navigation.name);
  return pathname === '/' && search === '';
}

let isDecided = false;

/** Once a page at most, at the first picture: whoever chooses "All clusters" later wants to see the list. */
export function opensOnlyCluster(hasArrived: () => boolean): boolean {
  if (isDecided) return false;
  isDecided = true;
  return hasArrived();
}
