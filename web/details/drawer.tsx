import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { focusStanding, markStanding } from '../board/standing.ts';
import { useSession, useWords } from '../page/context.ts';
import { usePageState } from '../page/page-state-model.ts';
import { isoTime } from '../words/iso-time.ts';
import { useDetailsWords } from '../words/view-words.ts';
import { CopyLink } from './copy-link.tsx';
import { type Selection, selecting, selectionKey } from './drawer-selection.ts';

export interface DrawerProps {
  readonly selection: Selection;
  readonly children: ComponentChildren;
}

/** The shell of a drawer: takes the focus when it opens and gives it back to where the selected thing now stands, and marks that. Esc closes it (keyboard.tsx). */
export function Drawer({ selection, children }: DrawerProps) {
  const { state, go } = usePageState();
  const { drawer: words } = useDetailsWords();
  const { badge, freshness } = useSession().connection;
  const isLive = freshness.value === 'live' && badge.value.kind !== 'refused';
  const panel = useRef<HTMLDivElement>(null);
  const shown = useRef(selection);
  // Not in an effect: it can be closed before that.
  shown.current = selection;
  const key = selectionKey(selection);
  const close = (): void => go(selecting(state.peek(), null));

  useEffect(() => {
    panel.current?.scrollTo({ top: 0 });
    panel.current?.focus({ preventScroll: true });
    return markStanding(selection);
  }, [key]);
  useLayoutEffect(() => {
    const root = document.documentElement;
    root.dataset.drawer = 'open';
    return () => {
      delete root.dataset.drawer;
      // Also where it was closed by the browser's way back; not where the reader has gone elsewhere.
      if (document.activeElement === document.body || panel.current?.contains(document.activeElement)) focusStanding(shown.current);
    };
  }, []);

  return (
    <div
      ref={panel}
      class="panel drawer details"
      role="dialog"
      aria-labelledby={DRAWER_TITLE_ID}
      tabIndex={-1}
      data-old={isLive ? undefined : 'true'}
    >
      <div class="drawer-tools">
        <CopyLink />
        <button type="button" class="quiet close" onClick={close} aria-label={words.close}>
          ✕
        </button>
      </div>
      {!isLive && <LastKnown />}
      {children}
    </div>
  );
}

/** The badge says so too, but whoever reads here looks here. */
function LastKnown() {
  const { lastHeard, now } = useSession().connection;
  const { formats } = useWords();
  const { drawer: words } = useDetailsWords();
  const heard = lastHeard.value;
  return heard === null ? null : (
    <p class="drawer-old" title={isoTime(heard)}>
      {words.old(formats.time(heard, now.value))}
    </p>
  );
}

/** For a button that goes when it is pressed: the focus stays in its drawer. */
export const focusDrawerOf = (button: Element): void => button.closest<HTMLElement>('[role="dialog"]')?.focus({ preventScroll: true });

const DRAWER_TITLE_ID = 'drawer-title';

export interface DrawerHeadProps {
  readonly title: string;
  /** What it is: state, and where it belongs. */
  readonly children?: ComponentChildren;
}

export const DrawerHead = ({ title, children }: DrawerHeadProps) => (
  <div class="drawer-head">
    <h2 id={DRAWER_TITLE_ID}>{title}</h2>
    {children !== undefined && <p class="drawer-facts">{children}</p>}
  </div>
);

export interface DrawerPartProps {
  readonly title: string;
  readonly children: ComponentChildren;
}

export const DrawerPart = ({ title, children }: DrawerPartProps) => (
  <section class="drawer-part">
    <h3>{title}</h3>
    {children}
  </section>
);
