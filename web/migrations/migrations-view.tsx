import { type ReadonlySignal, useComputed, useSignal } from '@preact/signals';
import { useEffect, useLayoutEffect, useMemo } from 'preact/hooks';
import { usePictureTools } from '../board/picture-tools.ts';
import { useSession } from '../page/context.ts';
import { type ListedMoves, listMoves } from './listed-moves.ts';
import { compileMoveQuery } from './migration-match.ts';
import { createMigrations, type MigrationsModel } from './migrations-model.ts';
import { MovesEnds } from './moves-ends.tsx';
import { MovesFilter } from './moves-filter.tsx';
import { MovesTable } from './moves-table.tsx';

/** The migrations of a cluster: those under way, and those that are over, newest first. */
export function MigrationsView() {
  const session = useSession();
  const { picture } = usePictureTools();
  const migrations = useMemo(() => createMigrations(session, picture), [session, picture]);
  // Before it is painted: it would say that none is under way.
  useLayoutEffect(() => migrations.start(), [migrations]);
  const listed = useListed(migrations);
  return (
    <div class="moves-view">
      <MovesEnds />
      <MovesFilter migrations={migrations} listed={listed} />
      <MovesTable migrations={migrations} listed={listed} />
    </div>
  );
}

function useListed({ running, held }: MigrationsModel): ReadonlySignal<ListedMoves> {
  const { name, displayName, connection } = useSession();
  const { picture, filter } = usePictureTools();
  const matcher = useComputed(() =>
    compileMoveQuery(filter.query.value, { vm: (id) => picture.vms().get(id), host: picture.host, cluster: [name, displayName.value] }),
  );
  // Some of what is searched for is said of VMs and hosts, as they are painted.
  const commits = useSignal(0);
  useEffect(() => picture.follow(() => void commits.value++), [picture]);
  return useComputed(() => {
    if (matcher.value !== null) commits.value;
    return listMoves({ running: running.value, held: held.value, at: connection.past.value?.at ?? null, matcher: matcher.value });
  });
}
