import { SignInAgain } from '../access/sign-in-again.tsx';
import { Arranging } from '../arranging/arranging.tsx';
import { Past } from '../history/past.tsx';
import { Drawers } from '../late/late-views.ts';
import { useZoom } from '../motion/use-zoom.ts';
import { News } from '../news/news.tsx';
import { useSession } from '../page/context.ts';
import { Keyboard } from '../settings/keyboard.tsx';
import { DriftWatch } from '../stream/drift-watch.tsx';
import { BoardWall } from '../wall/board-wall.tsx';
import { useWall } from '../wall/wall-context.ts';
import { WallFrame } from '../wall/wall-frame.tsx';
import { ChipClicks } from './chip-clicks.tsx';

/** What belongs to a board and is not in its flow. */
export function BoardExtras() {
  const { admit, cluster, connection } = useSession();
  const wall = useWall();
  useZoom();
  if (wall !== null) {
    return (
      <>
        <Arranging />
        <News isWall />
        <SignInAgain connection={connection} hasPicture={cluster.hasPicture} onSignedIn={admit} />
        <DriftWatch />
        <BoardWall wall={wall} />
        {wall.onShown === undefined && <WallFrame />}
      </>
    );
  }
  return (
    <>
      <Arranging />
      <ChipClicks />
      <News isWall={false} />
      <Drawers />
      <Keyboard />
      <SignInAgain connection={connection} hasPicture={cluster.hasPicture} onSignedIn={admit} />
      <DriftWatch />
      <Past />
    </>
  );
}
