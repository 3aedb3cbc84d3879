import { useState } from 'preact/hooks';
import { ClusterView } from '../board/cluster-view.tsx';
import { FleetView } from '../late/late-views.ts';
import { FIRST_TURN, nextTurn } from './wall.ts';
import { type Wall, WallContext } from './wall-context.ts';
import { WallFrame } from './wall-frame.tsx';

/** All clusters, then one after another those that have a picture, stale ones too, and so on: one stream at a time. */
export function WallView({ seconds }: { readonly seconds: number }) {
  const [turn, setTurn] = useState(FIRST_TURN);
  const { cluster, round } = turn;
  const wall: Wall = {
    seconds,
    onShown: (seen) => setTurn((last) => nextTurn(last, seen)),
    ...(cluster !== null && { place: { index: round.indexOf(cluster) + 1, count: round.length } }),
  };
  return (
    <WallContext.Provider value={wall}>
      {cluster === null ? <FleetView /> : <ClusterView key={cluster} name={cluster} />}
      <WallFrame />
    </WallContext.Provider>
  );
}
