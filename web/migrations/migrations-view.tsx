import { useComputed } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { usePictureTools } from '../board/picture-tools.ts';
import { usePage, useSession } from '../page/context.ts';
import { useLateWords } from '../words/late-words.ts';
import { endedBy } from './migration-list.ts';
import { compileMoveQuery } from './migration-match.ts';
import { createMigrations, type MigrationsModel } from './migrations-model.ts';
import { MovesEnds } from './moves-ends.tsx';
import { MovesFilter } from './moves-filter.tsx';
import { type ListedMoves, MovesTable } from './moves-table.tsx';

/** The migrations of a cluster: those under way, and those that are over, newest first. */
export function MigrationsView() {
  const session = useSession();
  const { picture } = usePictureTools();
  const migrations = useMemo(() => createMigrations(session, picture), [session, picture]);
  useEffect(() => migrations.start(), [migrations]);
  const listed = useListed(migrations);
  return (
    <div class="moves-view">
      <MovesEnds />
      <MovesFilter listed={listed} />
      <MovesTable migrations={migrations} listed={listed} />
    </div>
  );
}

/** What the search and the moment that is shown leave of them. */
function useListed({ running, held }: MigrationsModel): ListedMoves {
  const { name, displayName, connection } = useSession();
  const { picture, filter } = usePictureTools();
  usePage();
  useLateWords();
  const matcher = useComputed(() =>
    compileMoveQuery(filter.query.value, { vm: (id) => picture.vms().get(id), host: picture.host, cluster: [name, displayName.value] }),
  ).value;
  const all = running.value;
  const finished = endedBy(held.value?.finished ?? [], connection.past.value?.at ?? null);
  return {
    running: matcher === null ? all : all.filter(matcher),
    finished: matcher === null ? finished : finished.filter(matcher),
    of: all.length + finished.length,
    isFiltered: matcher !== null,
  };
}
