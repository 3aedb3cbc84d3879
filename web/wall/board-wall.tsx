import { useMemo } from 'preact/hooks';
import { useSession } from '../page/context.ts';
import type { Wall } from './wall-context.ts';
import { WallPages, type WallPicture } from './wall-page-turner.tsx';

/** The pages of a board on a wall. */
export function BoardWall({ wall }: { readonly wall: Wall }) {
  const { cluster, connection } = useSession();
  const picture = useMemo(
    (): WallPicture => ({
      isThere: () => cluster.hasPicture.peek(),
      vms: () => cluster.counts.peek().vms,
      of: 'hosts',
      all: () => cluster.hostNames.peek().length,
      moving: () => cluster.counts.peek().moving,
      clusters: () => [],
    }),
    [cluster],
  );
  return <WallPages wall={wall} connection={connection} picture={picture} />;
}
