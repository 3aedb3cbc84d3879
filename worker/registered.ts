/** What a room holds in memory of the cluster that is registered here. Another object, where it was removed and registered anew. */
import type { RoomConfig } from './room-store.ts';
import type { SessionRow } from './session.ts';
import type { Entities } from './snapshot.ts';

export interface Registered {
  config: RoomConfig;
  row: SessionRow;
  /** At the row's revision; made when first asked for. */
  entities: Entities | null;
}
