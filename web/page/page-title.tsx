import { useComputed } from '@preact/signals';
import { useEffect, useState } from 'preact/hooks';
import { followHappenings } from '../news/announcement-model.ts';
import { type Happening, isHostInTrouble } from '../news/happenings.ts';
import { NONE_UNSEEN, nextUnseen } from '../news/unseen-failures.ts';
import { BROWSER_PLATFORM } from '../stream/stream.ts';
import { useSession } from './context.ts';
import { usePageState } from './page-state-model.ts';
import { TabSign } from './tab-sign.tsx';
import { selectTitleSign, titleOf } from './title.ts';

/** The tab's title and icon. */
export function PageTitle() {
  const session = useSession();
  const { cluster, connection, displayName } = session;
  const { state } = usePageState();
  const unseen = useUnseenFailures();
  // The counts change with nearly every frame: not all hosts are looked at for that.
  const hostsInTrouble = useComputed(() => {
    const hosts = cluster.hostNames.value.map((name) => cluster.host(name));
    return hosts.filter((host) => host !== undefined && isHostInTrouble(host)).length;
  });
  const troubles = useComputed(() => cluster.counts.value.attention + hostsInTrouble.value);
  const sign = selectTitleSign({
    badge: connection.badge.value.kind,
    hasPicture: cluster.hasPicture.value,
    troubles: troubles.value,
    unseen,
  });
  return <TabSign title={titleOf(state.value, cluster, displayName.value)} sign={sign} />;
}

function useUnseenFailures(): number {
  const session = useSession();
  const [unseen, setUnseen] = useState(NONE_UNSEEN);
  useEffect(() => {
    let current = NONE_UNSEEN;
    const advance = (happenings: readonly Happening[]): void => {
      const isLookedAt = document.visibilityState === 'visible' && document.hasFocus();
      const vmOf = (id: string) => session.held()?.vms.get(id);
      current = nextUnseen(current, { happenings, isLookedAt, vmOf }, BROWSER_PLATFORM.now());
      setUnseen(current);
    };
    const look = (): void => advance([]);
    const closing = new AbortController();
    document.addEventListener('visibilitychange', look, { signal: closing.signal });
    addEventListener('focus', look, { signal: closing.signal });
    const unfollow = followHappenings(session, advance);
    return () => {
      closing.abort();
      unfollow();
    };
  }, [session]);
  return unseen.size;
}
