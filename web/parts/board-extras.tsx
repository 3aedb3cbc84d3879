import { useSession } from '../context.ts';
import { Drawers } from '../late-views.ts';
import { useWall } from '../wall-context.ts';
import { Arranging } from './arranging.tsx';
import { BoardWall } from './board-wall.tsx';
import { ChipClicks } from './chip-clicks.tsx';
import { DriftWatch } from './drift-watch.tsx';
import { Keyboard } from './keyboard.tsx';
import { News } from './news.tsx';
import { Past } from './past.tsx';
import { SignInAgain } from './sign-in-again.tsx';
import { WallFrame } from './wall-frame.tsx';

/** What belongs to a board and is not in its flow. */
export function BoardExtras() {
  const { admit, cluster, connection } = useSession();
  const wall = useWall();
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
