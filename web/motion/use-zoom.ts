/**
 * The overview and a board are seen to be one in the other: a View Transition from the cluster's card to its page, and back. What it shows of the page
 * that is left is a picture of it, gone in under a quarter of a second (styles/late/zoom.css); the new page is painted live from its first moment. A browser that has no View
 * Transitions, a reader who wants less motion and a page that nobody sees change at once.
 */
import { useEffect } from 'preact/hooks';
import { usePage } from '../page/context.ts';
import { readRoute } from '../page/route-model.ts';
import { commitAtOnce } from '../rendering/rendering.ts';
import { isMotionReduced } from '../settings/late-settings-model.ts';
import { type Zoom, zoomBetween } from './zoom.ts';

export function useZoom(): void {
  const { route } = usePage();
  useEffect(() => {
    route.turn = (follow) => {
      const zoom = zoomBetween(route.route.peek(), readRoute());
      if (zoom === null || isMotionReduced() || document.hidden || !('startViewTransition' in document)) follow();
      else playZoom(zoom, follow);
    };
  }, [route]);
}

function playZoom(zoom: Zoom, follow: () => void): void {
  const outer = (): HTMLElement | null => document.querySelector(`[data-cluster="${zoom.cluster}"]`);
  const inner = (): HTMLElement | null => document.querySelector('main');
  const [before, after] = zoom.way === 'in' ? [outer, inner] : [inner, outer];
  mark(before());
  const zooming = document.startViewTransition(() => {
    commitAtOnce(follow);
    mark(after());
  });
  latest = zooming;
  // Both reject where the transition is skipped: by the next one, or because the page is hidden meanwhile. The change is made all the same.
  zooming.ready.catch(() => {});
  zooming.finished
    .catch(() => {})
    .then(() => {
      if (latest === zooming) mark(null);
    });
}

let latest: ViewTransition | null = null;
let marked: HTMLElement | null = null;

/** One element at a time may have the name. */
function mark(element: HTMLElement | null): void {
  marked?.style.removeProperty('view-transition-name');
  marked = element;
  marked?.style.setProperty('view-transition-name', 'zoom');
}
