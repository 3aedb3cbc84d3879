import { type ReadonlySignal, signal, useComputed } from '@preact/signals';
import { type ComponentChildren, Fragment } from 'preact';
import { useMemo } from 'preact/hooks';
import { useSession, useWords } from '../page/context.ts';
import { RowBlocks } from '../table/table-block-rows.tsx';
import { createRowCursor } from '../table/table-cursor.ts';
import { ROLES } from '../table/table-roles.ts';
import { useMigrationsWords } from '../words/view-words.ts';
import { FIRST_RUNNING_ROW, firstFinishedRow, type ListedMoves, lastRow } from './listed-moves.ts';
import { endsAfter } from './migration-list.ts';
import type { MigrationsModel } from './migrations-model.ts';
import { FinishedRow, RunningRow } from './moves-rows.tsx';

export interface MovesTableProps {
  readonly migrations: MigrationsModel;
  readonly listed: ReadonlySignal<ListedMoves>;
}

const MOVE_COLUMNS = ['outcome', 'vm', 'way', 'when', 'took', 'cause', 'reason', 'moment'] as const;

/** Each part of it is rendered where something of its own changes: among a thousand that are over, one may begin with each frame. */
export function MovesTable({ migrations, listed }: MovesTableProps) {
  const { connection } = useSession();
  const words = useMigrationsWords();
  return (
    <>
      {connection.past.value !== null && <p class="moves-as-of">{words.asOf}</p>}
      {migrations.failure.value !== null && <ReadFailure migrations={migrations} />}
      <table {...ROLES.table} class="rows-table moves-table" aria-rowcount={useComputed(() => lastRow(listed.value)).value}>
        <caption class="unseen">{words.title}</caption>
        <thead {...ROLES.rowgroup}>
          <tr {...ROLES.row} aria-rowindex={1}>
            {MOVE_COLUMNS.map((column) => (
              <th key={column} {...ROLES.columnheader} scope="col" data-column={column}>
                {words.columns[column]}
              </th>
            ))}
          </tr>
        </thead>
        <Running migrations={migrations} listed={listed} />
        <Finished migrations={migrations} listed={listed} />
      </table>
      <Older migrations={migrations} />
    </>
  );
}

function Running({ migrations, listed }: MovesTableProps) {
  const words = useMigrationsWords();
  const { formats } = useWords();
  const { running, of } = listed.value;
  return (
    <Group title={words.running} count={formats.number(running.length)} rowIndex={FIRST_RUNNING_ROW - 1}>
      {running.length === 0 && <Note rowIndex={FIRST_RUNNING_ROW}>{of.running === 0 ? words.noneRunning : words.noMatch}</Note>}
      {running.map((move, index) => (
        <RunningRow key={move.id} move={move} stages={migrations.held.value?.stages.get(move.id)} rowIndex={FIRST_RUNNING_ROW + index} />
      ))}
    </Group>
  );
}

/** In blocks as the rows of the VMs: of a thousand that are over each one that begins would move all others. */
function Finished({ migrations, listed }: MovesTableProps) {
  const words = useMigrationsWords();
  const { formats } = useWords();
  // Of its own: with every frame that changes what is under way the list is told anew.
  const finished = useComputed(() => listed.value.finished);
  const records = useComputed(() => new Map(finished.value.map((record) => [record.id, record])));
  const ids = useComputed(() => [...records.value.keys()]);
  const rows = useMemo(() => ({ ids, turn: signal(0) }), [ids]);
  const cursor = useMemo(() => createRowCursor(ids), [ids]);
  const first = useComputed(() => firstFinishedRow(listed.value)).value;
  const hasMore = useComputed(() => migrations.held.value?.next != null).value;
  // Not useCallback, which would come with the first load.
  const renderRow = useMemo(
    () => (id: string, index: number) => {
      const record = records.value.get(id);
      return record === undefined ? <Fragment key={id} /> : <FinishedRow key={id} record={record} rowIndex={first + index} />;
    },
    [records, first],
  );
  const { length } = ids.value;
  return (
    <>
      <Group title={words.finished} count={`${formats.number(length)}${hasMore ? '+' : ''}`} rowIndex={first - 1}>
        {length === 0 && <FinishedNote migrations={migrations} listed={listed} rowIndex={first} />}
      </Group>
      <RowBlocks rows={rows} cursor={cursor} renderRow={renderRow} />
    </>
  );
}

interface GroupProps {
  readonly title: string;
  readonly count: string;
  /** Of its heading, as ARIA counts: from 1, the head of the table included. */
  readonly rowIndex: number;
  readonly children: ComponentChildren;
}

function Group({ title, count, rowIndex, children }: GroupProps) {
  return (
    <tbody {...ROLES.rowgroup}>
      <tr {...ROLES.row} class="moves-group" aria-rowindex={rowIndex}>
        <th {...ROLES.rowheader} scope="rowgroup" colSpan={MOVE_COLUMNS.length}>
          {title} <span class="table-count">{count}</span>
        </th>
      </tr>
      {children}
    </tbody>
  );
}

interface NoteProps {
  readonly rowIndex: number;
  readonly children: string;
}

const Note = ({ rowIndex, children }: NoteProps) => (
  <tr {...ROLES.row} class="moves-note" aria-rowindex={rowIndex}>
    <td {...ROLES.cell} colSpan={MOVE_COLUMNS.length}>
      {children}
    </td>
  </tr>
);

/** Why none is listed: each reason in its own words. */
function FinishedNote({ migrations, listed, rowIndex }: MovesTableProps & { readonly rowIndex: number }) {
  const at = useSession().connection.past.value?.at ?? null;
  const words = useMigrationsWords();
  const held = migrations.held.value;
  const isMissing = held === null || endsAfter(held, at);
  if (isMissing && migrations.failure.value !== null) return null;
  const none = at === null || held?.finished.length === 0 ? words.none : words.noneBefore;
  return <Note rowIndex={rowIndex}>{isMissing ? words.loading : listed.value.of.finished > 0 ? words.noMatch : none}</Note>;
}

function ReadFailure({ migrations }: { readonly migrations: MigrationsModel }) {
  const words = useMigrationsWords();
  return (
    <p class="moves-failure" role="alert">
      {words.failed}{' '}
      <button type="button" class="action" onClick={migrations.retry}>
        {words.retry}
      </button>
    </p>
  );
}

function Older({ migrations }: { readonly migrations: MigrationsModel }) {
  const words = useMigrationsWords();
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
