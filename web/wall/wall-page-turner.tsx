import { useEffect, useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import { followVersion, reloadForVersion } from '../settings/version-model.ts';
import type { ConnectionModel } from '../stream/connection-model.ts';
import { BROWSER_PLATFORM } from '../stream/stream.ts';
import { mayTurn } from './wall.ts';
import { WallClock } from './wall-clock.tsx';
import type { Wall } from './wall-context.ts';
import { createWallModel, type WallContent } from './wall-model.ts';

export interface WallPagesProps {
  readonly wall: Wall;
  readonly connection: ConnectionModel;
  /** What is shown, read when it is asked for. */
  readonly picture: WallPicture;
}

export interface WallPicture extends WallContent {
  /** VMs on their way. */
  moving(): number;
  /** Of the list of clusters, those that have a picture. */
  clusters(): readonly string[];
}

/** Fits one picture of a wall to the screen, goes through its pages, and keeps the time in sight. */
export function WallPages({ wall, connection, picture }: WallPagesProps) {
  const model = useMemo(() => createWallModel(picture, BROWSER_PLATFORM.now), []);
  const now = useRef(wall);
  now.current = wall;
  useLayoutEffect(model.start, [model]);
  useEffect(() => followVersion(connection), [connection]);
  useEffect(() => {
    const timer = setInterval(() => {
      if (!now.current.isGlance && model.turnPage()) return;
      void reloadForVersion(picture.moving(), connection.localNow.peek());
      if (mayTurn(connection.badge.peek().kind, picture.isThere())) now.current.onShown?.(picture.clusters());
    }, wall.seconds * 1_000);
    return () => clearInterval(timer);
  }, [model, connection, wall.seconds]);
  return <WallClock connection={connection} shown={model.shown.value} place={wall.place} />;
}
