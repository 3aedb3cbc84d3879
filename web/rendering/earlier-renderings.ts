/**
 * Preact keeps what a component rendered before: an element that was made once, and stands in somebody's `children`, still has the children of
 * its first rendering (preactjs/preact#4909). A part of it that was skipped by the next one belongs to that, and so does a part of that one to
 * the one after it: a chain of renderings, that grows as long as the page is open. Here each is let go of when the next one is done.
 */
import { options, type VNode } from 'preact';

/** As the built Preact calls it (its mangle.json): what it has rendered, and the component that it is of. */
interface Rendering extends VNode {
  __k?: unknown;
  __c?: RenderedComponent | null;
}

interface RenderedComponent {
  newest?: Rendering;
}

/** From now on; to be called once. What was rendered before stays, at most one rendering of each component. */
export function forgetEarlierRenderings(): void {
  const { diffed } = options;
  options.diffed = (rendering: Rendering) => {
    const component = rendering.__c;
    if (component != null) {
      const earlier = component.newest;
      if (earlier !== undefined && earlier !== rendering) earlier.__k = null;
      component.newest = rendering;
    }
    diffed?.(rendering);
  };
}
