import type { ComponentChildren } from 'preact';
import type { MigrationRecord } from '../../core/history.ts';
import { useSession } from '../page/context.ts';
import { ROLES } from '../table/table-roles.ts';
import { useLateWords } from '../words/late-words.ts';
import { endsAfter, type RunningMove } from './migration-list.ts';
import type { MigrationsModel } from './migrations-model.ts';
import { FinishedRow, RunningRow } from './moves-rows.tsx';

export interface ListedMoves {
  readonly running: readonly RunningMove[];
  readonly finished: readonly MigrationRecord[];
  /** Without the search. */
  readonly of: number;
  readonly isFiltered: boolean;
}

export interface MovesTableProps {
  readonly migrations: MigrationsModel;
  readonly listed: ListedMoves;
}

export const MOVE_COLUMNS = ['outcome', 'vm', 'way', 'when', 'took', 'cause', 'reason', 'moment'] as const;

export function MovesTable({ migrations, listed }: MovesTableProps) {
  const { connection } = useSession();
  const { moves: words } = useLateWords();
  const { running, finished } = listed;
  const hasMore = migrations.held.value?.next != null;
  return (
    <>
      {connection.past.value !== null && <p class="moves-as-of">{words.asOf}</p>}
      {migrations.failure.value !== null && <ReadFailure migrations={migrations} />}
      <table {...ROLES.table} class="rows-table moves-table">
        <caption class="unseen">{words.title}</caption>
        <thead {...ROLES.rowgroup}>
          <tr {...ROLES.row}>
            {MOVE_COLUMNS.map((column) => (
              <th key={column} {...ROLES.columnheader} scope="col" data-column={column}>
                {words.columns[column]}
              </th>
            ))}
          </tr>
        </thead>
        <Group title={words.running} count={String(running.length)}>
          {running.length === 0 ? <Note>{listed.isFiltered ? words.noMatch : words.noneRunning}</Note> : null}
          {running.map((move) => (
            <RunningRow key={move.id} move={move} stages={migrations.held.value?.stages.get(move.id)} />
          ))}
        </Group>
        <Group title={words.finished} count={`${finished.length}${hasMore ? '+' : ''}`}>
          <FinishedNote migrations={migrations} listed={listed} />
          {finished.map((record) => (
            <FinishedRow key={record.id} record={record} />
          ))}
        </Group>
      </table>
      <Older migrations={migrations} />
    </>
  );
}

function Group({ title, count, children }: { readonly title: string; readonly count: string; readonly children: ComponentChildren }) {
  return (
    <tbody {...ROLES.rowgroup}>
      <tr {...ROLES.row} class="moves-group">
        <th {...ROLES.rowheader} scope="rowgroup" colSpan={MOVE_COLUMNS.length}>
          {title} <span class="table-count">{count}</span>
        </th>
      </tr>
      {children}
    </tbody>
  );
}

const Note = ({ children }: { readonly children: string }) => (
  <tr {...ROLES.row} class="moves-note">
    <td {...ROLES.cell} colSpan={MOVE_COLUMNS.length}>
      {children}
    </td>
  </tr>
);

/** Why none is listed: each reason in its own words. */
function FinishedNote({ migrations, listed }: MovesTableProps) {
  const past = useSession().connection.past.value;
  const { moves: words } = useLateWords();
  const held = migrations.held.value;
  if (listed.finished.length > 0) return null;
  if (held === null || endsAfter(held, past?.at ?? null)) return migrations.failure.value === null ? <Note>{words.loading}</Note> : null;
  if (held.finished.length === 0) return <Note>{words.none}</Note>;
  return <Note>{listed.of === listed.running.length ? words.noneBefore : words.noMatch}</Note>;
}

function ReadFailure({ migrations }: { readonly migrations: MigrationsModel }) {
  const { past, moves: words } = useLateWords();
  return (
    <p class="moves-failure" role="alert">
      {words.failed}{' '}
      <button type="button" class="action" onClick={migrations.retry}>
        {past.retry}
      </button>
    </p>
  );
}

function Older({ migrations }: { readonly migrations: MigrationsModel }) {
  const { moves: words } = useLateWords();
  const held = migrations.held.value;
  if (held === null) return null;
  const { length } = held.finished;
  const hasMore = held.next !== null;
  const isLoading = migrations.isLoadingOlder.value;
  return (
    <p class="moves-older">
      {length > 0 && <span>{words.loaded(length, hasMore)}</span>}
      {hasMore && (
        <button type="button" class="action" aria-disabled={isLoading} onClick={migrations.readOlder}>
          {isLoading ? words.loading : words.older}
        </button>
      )}
    </p>
  );
}
