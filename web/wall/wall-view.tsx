import { useState } from 'preact/hooks';
import { ClusterView } from '../board/cluster-view.tsx';
import { FleetView } from '../late/late-views.ts';
import { type Wall, WallContext } from './wall-context.ts';
import { WallFrame } from './wall-frame.tsx';
import { FIRST_TURN, isGlance, nextTurn } from './wall-turns.ts';

/** All clusters, then one after another those that have a picture, stale ones too, with a glance at all of them now and then: one stream at a time. */
export function WallView({ seconds }: { readonly seconds: number }) {
  const [turn, setTurn] = useState(FIRST_TURN);
  const { cluster, round, shownCount } = turn;
  const wall: Wall = {
    seconds,
    onShown: (seen) => setTurn((last) => nextTurn(last, seen)),
    isGlance: isGlance(turn),
    ...(cluster !== null && { place: { index: shownCount, count: round.length } }),
  };
  return (
    <WallContext.Provider value={wall}>
      {cluster === null ? <FleetView /> : <ClusterView key={cluster} name={cluster} />}
      <WallFrame />
    </WallContext.Provider>
  );
}
