import { useEffect, useMemo } from 'preact/hooks';
import { useSession } from '../page/context.ts';
import { PageTitle } from '../page/page-title.tsx';
import { NewVersion } from '../settings/new-version.tsx';
import { BROWSER_PLATFORM } from '../stream/stream.ts';
import { createAnnouncementModel } from './announcement-model.ts';
import { Announcer } from './announcer.tsx';
import { DesktopNotifications } from './desktop-notifications.tsx';
import { Toasts } from './toast-stack.tsx';

/** What tells of the board to who does not look at it: by voice, in the corner, on the desktop, in the tab. A wall shows the board alone. */
export function News({ isWall }: { readonly isWall: boolean }) {
  const session = useSession();
  const model = useMemo(() => createAnnouncementModel(session, BROWSER_PLATFORM.now), [session]);
  useEffect(model.start, [model]);
  return (
    <>
      <PageTitle />
      <Announcer model={model} />
      {!isWall && (
        <>
          <div class="corner">
            <NewVersion connection={session.connection} />
            <Toasts model={model} />
          </div>
          <DesktopNotifications />
        </>
      )}
    </>
  );
}
