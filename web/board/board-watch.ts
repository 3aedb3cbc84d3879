/** Tells when elements of the picture have come or gone, by whatever way: a commit, a filter, another picture. A shell. */

/** Calls `run` after them and before the page is shown. Answers how to stop. */
export function watchBoard(run: () => void): () => void {
  const main = document.querySelector('main');
  if (main === null) return () => {};
  const observer = new MutationObserver(run);
  observer.observe(main, { subtree: true, childList: true });
  return () => observer.disconnect();
}
