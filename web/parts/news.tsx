import { useEffect, useMemo } from 'preact/hooks';
import { useSession } from '../context.ts';
import { createAnnouncementModel } from '../models/announcement-model.ts';
import { BROWSER_PLATFORM } from '../stream.ts';
import { Announcer } from './announcer.tsx';
import { DesktopNotifications } from './desktop-notifications.tsx';
import { NewVersion } from './new-version.tsx';
import { PageTitle } from './page-title.tsx';
import { Toasts } from './toasts.tsx';

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
