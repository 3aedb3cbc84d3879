import { useMemo } from 'preact/hooks';
import { TabSign } from '../page/tab-sign.tsx';
import { selectTitleSign } from '../page/title.ts';
import { NewVersion } from '../settings/new-version.tsx';
import { useWall, type Wall } from '../wall/wall-context.ts';
import { WallPages, type WallPicture } from '../wall/wall-page-turner.tsx';
import { useFleet } from './fleet-context.ts';

/** What belongs to the list of clusters and is not in its flow. */
export function FleetExtras() {
  const { connection, hasPicture, totals } = useFleet();
  const wall = useWall();
  const facts = { badge: connection.badge.value.kind, hasPicture: hasPicture.value, troubles: totals.value.troubled, unseen: 0 };
  return (
    <>
      <TabSign title="" sign={selectTitleSign(facts)} />
      {wall === null ? (
        <div class="corner">
          <NewVersion connection={connection} />
        </div>
      ) : (
        <FleetWall wall={wall} />
      )}
    </>
  );
}

function FleetWall({ wall }: { readonly wall: Wall }) {
  const { card, connection, hasPicture, sections, totals } = useFleet();
  const picture = useMemo(
    (): WallPicture => ({
      isThere: () => hasPicture.peek(),
      // Cards are few and large.
      vms: () => 0,
      of: 'clusters',
      all: () => sections.peek().reduce((sum, { names }) => sum + names.length, 0),
      moving: () => totals.peek().moving,
      clusters: () =>
        sections
          .peek()
          .flatMap(({ names }) => names)
          .filter((name) => HAS_PICTURE.includes(card(name)?.freshness)),
    }),
    [card, hasPicture, sections, totals],
  );
  return <WallPages wall={wall} connection={connection} picture={picture} />;
}

/** Of one that never spoke there is none; of one that fell silent there is the last. */
const HAS_PICTURE: readonly (string | undefined)[] = ['live', 'stale'];
