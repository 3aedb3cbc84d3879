import { useComputed } from '@preact/signals';
import { type ComponentChildren, Fragment } from 'preact';
import { lanesOf } from '../../core/lanes.ts';
import type { Transit, Vm, VmId } from '../../core/model.ts';
import { needsPerson } from '../board/board.ts';
import { homeChipId } from '../board/chip-id.ts';
import { useProgress } from '../board/progress-model.ts';
import { useSession, useWords } from '../page/context.ts';
import { Elapsed } from '../parts/elapsed.tsx';
import { Moment } from '../parts/moment.tsx';
import { Shape } from '../parts/shape.tsx';
import { WholeParts } from '../parts/whole-parts.tsx';
import type { LateMessages } from '../words/en-late.ts';
import { isoTime } from '../words/iso-time.ts';
import { useLateWords } from '../words/late-words.ts';
import { memoryText } from '../words/memory-text.ts';
import { migratableText } from '../words/migratable-text.ts';
import type { NoteWords } from '../words/note-text.ts';
import { useTableWords } from '../words/view-words.ts';
import { cell } from './table-cells.tsx';
import type { RowCursor } from './table-cursor.ts';
import { ROLES } from './table-roles.ts';
import { newsAt } from './table-sort-keys.ts';
import { labelTexts, type News, newsOf, placeParts, type RowWords, rowStateText, stageText } from './table-text.ts';
import { ROOMS, vmColumns } from './table-vm-columns.ts';

export interface VmRowProps {
  readonly id: VmId;
  /** From 0. */
  readonly index: number;
  readonly cursor: RowCursor;
  readonly hasLabels: boolean;
}

/** One VM. While the rows are held it stays where it is, also when it is gone, and says so. */
export function VmRow({ id, index, cursor, hasLabels }: VmRowProps) {
  const vm = useSession().cluster.vm(id);
  const isTabStop = useComputed(() => cursor.id.value === id).value;
  return (
    <tr
      {...ROLES.row}
      id={homeChipId(id)}
      class="table-row"
      aria-rowindex={index + 2}
      data-row={id}
      data-vm={id}
      data-state={vm?.state ?? 'gone'}
      data-stage={vm?.transit?.stage}
      data-attention={vm !== undefined && needsPerson(vm) ? 'true' : undefined}
    >
      <th {...ROLES.rowheader} scope="row" data-column="name">
        <button type="button" aria-haspopup="dialog" tabIndex={isTabStop ? 0 : -1} title={id}>
          <span class="cell-text">{vm?.displayName ?? vm?.name ?? id}</span>
        </button>
      </th>
      <Cells id={id} hasLabels={hasLabels} />
    </tr>
  );
}

/** Rendered again when the VM changes, and not when its row stands elsewhere. */
function Cells({ id, hasLabels }: { readonly id: VmId; readonly hasLabels: boolean }) {
  const { cluster } = useSession();
  const { words, formats } = useWords();
  const late = useLateWords();
  const table = useTableWords();
  const vm = cluster.vm(id);
  const { facts } = late;
  if (vm === undefined) return <GoneCells hasLabels={hasLabels} />;
  const titles = table.columns;
  const rowWords: RowWords = { words, late, table, formats };
  const place = placeParts(vm, words);
  const isMoving = lanesOf(vm).leaving !== null;
  // Only a VM that cannot move looks at its host.
  const isHostEmptied = !vm.migratable.ok && vm.host !== null && cluster.host(vm.host)?.drain !== undefined;
  const news = newsOf(vm, isHostEmptied, rowWords);
  const labels = labelTexts(vm).join(' ');
  const unknown = facts.notKnown;
  return (
    <>
      {cell({ column: 'namespace', title: titles.namespace, whole: vm.namespace, children: vm.namespace })}
      {cell({
        column: 'host',
        title: titles.host,
        isMoving,
        children: (
          <>
            {place.length === 0 ? (
              <span class="muted">{facts.noHost}</span>
            ) : (
              <span class="place">
                <WholeParts parts={place} />
              </span>
            )}
            {isMoving && vm.transit !== undefined && <Stage transit={vm.transit} words={rowWords} />}
            {vm.host !== null && cluster.host(vm.host) === undefined && <span class="muted"> ({words.unknownHost})</span>}
          </>
        ),
      })}
      {cell({
        column: 'state',
        title: titles.state,
        children: (
          <>
            <Shape of={vm.state} /> {rowStateText(vm, words)}
          </>
        ),
      })}
      {cell({ column: 'news', title: titles.news, whole: news.map(({ text }) => text).join(' · '), children: newsSpans(news) })}
      {cell({ column: 'when', title: titles.when, children: whenOf(vm, late) })}
      {cell({
        column: 'cpu',
        title: titles.cpu,
        unknown,
        room: ROOMS.cpu,
        children: vm.cpu === undefined ? undefined : formats.number(vm.cpu),
      })}
      {cell({
        column: 'memory',
        title: titles.memory,
        unknown,
        children: vm.memory === undefined ? undefined : memoryText(vm.memory, formats),
      })}
      {cell({
        column: 'migratable',
        title: titles.migratable,
        room: ROOMS.migratable,
        whole: vm.migratable.reason,
        children: migratableText(vm, facts),
      })}
      {cell({ column: 'os', title: titles.os, unknown, whole: vm.os, room: ROOMS.os, children: vm.os })}
      {hasLabels && cell({ column: 'labels', title: titles.labels, whole: labels, room: ROOMS.labels, children: labels })}
    </>
  );
}

/** A cell for each column that there is room for: one that spanned them all would make those anew for which there is none. */
function GoneCells({ hasLabels }: { readonly hasLabels: boolean }) {
  const table = useTableWords();
  const [, ...columns] = vmColumns(hasLabels);
  return columns.map((column) =>
    cell({
      column,
      title: table.columns[column],
      room: ROOMS[column],
      children: column === 'news' && table.gone,
    }),
  );
}

const newsSpans = (news: readonly News[]): ComponentChildren =>
  news.length === 0
    ? undefined
    : news.map(({ kind, text }, index) => (
        <Fragment key={index}>
          {index > 0 && ' · '}
          <span class="news" data-note={kind}>
            {text}
          </span>
        </Fragment>
      ));

/** For how long it has been under way, or when the last move ended; one that never moved has no time that could be known. */
function whenOf(vm: Vm, { facts }: LateMessages): ComponentChildren {
  if (vm.transit !== undefined) {
    return (
      <span title={isoTime(vm.transit.startedAt)}>
        <Elapsed since={vm.transit.startedAt} />
      </span>
    );
  }
  const at = newsAt(vm);
  if (at !== null) return <Moment at={at} />;
  return vm.lastMigration === undefined ? undefined : <span title={facts.endedUnwatched}>{facts.notKnown}</span>;
}

function Stage({ transit, words }: { readonly transit: Transit; readonly words: NoteWords }) {
  return <span class="stage">{stageText(transit, useProgress(transit)?.percent, words)}</span>;
}
