/** Tells the stylesheets how high the dock at the window's lower edge is (`--dock-height` of the root): what hangs above it ends there. A shell. */
const DOCK_HEIGHT = '--dock-height';

/** Answers how to stop. */
export function followDockHeight(dock: HTMLElement): () => void {
  const { style } = document.documentElement;
  const observer = new ResizeObserver(() => style.setProperty(DOCK_HEIGHT, `${dock.offsetHeight}px`));
  observer.observe(dock);
  return () => {
    observer.disconnect();
    style.removeProperty(DOCK_HEIGHT);
  };
}
