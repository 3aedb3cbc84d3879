/** How the parts of a board learn that they hang on a wall. */
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import { usePage } from '../page/context.ts';
import { wallOf } from './wall.ts';

export interface Wall {
  /** How long each picture, or page of one, is shown. */
  readonly seconds: number;
  /** All of a picture was shown; `seen`: of the list of clusters, those that have a picture. Absent where there is one picture only. */
  readonly onShown?: (seen: readonly string[]) => void;
  /** Its first page is enough. */
  readonly isGlance?: boolean;
  /** Which picture of its round it is, of how many, counted from 1; absent where there is one. */
  readonly place?: { readonly index: number; readonly count: number };
}

export const WallContext = createContext<Wall | null>(null);

/** Null where the page is no wall. */
export function useWall(): Wall | null {
  const { route } = usePage();
  const given = useContext(WallContext);
  const seconds = wallOf(route.route.value);
  return given ?? (seconds === null ? null : { seconds });
}
