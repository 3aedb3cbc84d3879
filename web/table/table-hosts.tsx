import { useComputed } from '@preact/signals';
import { useLayoutEffect, useMemo } from 'preact/hooks';
import type { HostName } from '../../core/model.ts';
import { usePictureTools } from '../board/picture-tools.ts';
import { hostHeadingId } from '../details/drawer-selection.ts';
import { HostDrain } from '../drain/host-drain.tsx';
import { useSession, useWords } from '../page/context.ts';
import { usePageState } from '../page/page-state-model.ts';
import { Shape } from '../parts/shape.tsx';
import { useLateWords } from '../words/late-words.ts';
import { memoryText } from '../words/memory-text.ts';
import { useTableWords } from '../words/view-words.ts';
import { RowBlocks } from './table-block-rows.tsx';
import { cell } from './table-cells.tsx';
import { createRowCursor, type RowCursor } from './table-cursor.ts';
import { HeldHint, TableFrame } from './table-frame.tsx';
import { type HeadColumn, TableHead } from './table-head.tsx';
import { createHostRows, hostRowOf } from './table-host-rows.ts';
import { ROLES } from './table-roles.ts';
import { TableSection } from './table-section.tsx';
import { HOST_SORTS, type HostSort, parseSort } from './table-sorting.ts';

const COLUMNS = ['name', 'state', 'vms', 'arriving', 'leaving', 'cpu', 'memory', 'drain'] as const;
type HostColumn = (typeof COLUMNS)[number];
const isSortable = (column: HostColumn): column is HostSort => column !== 'drain';

/** All hosts, also those of which no Node is known and where a VM stands all the same. */
export function HostTable({ headingId }: { readonly headingId: string }) {
  const { cluster } = useSession();
  const { picture } = usePictureTools();
  const { state } = usePageState();
  const words = useTableWords();
  const { formats } = useWords();
  const sort = parseSort(useComputed(() => state.value.sort).value, HOST_SORTS);
  const rows = useMemo(() => createHostRows(cluster, picture, sort), [cluster, picture]);
  const cursor = useMemo(() => createRowCursor(rows.ids), [rows]);
  useLayoutEffect(() => rows.start(), [rows]);
  useLayoutEffect(() => rows.sortBy(sort), [rows, sort.column, sort.isDescending]);
  // Not useCallback, which would come with the first load.
  const renderRow = useMemo(
    () => (name: string, index: number) => <HostRow key={name} name={name} index={index} cursor={cursor} />,
    [cursor],
  );
  const columns = COLUMNS.map((name): HeadColumn<HostColumn> => ({ name, title: words.hostColumns[name], isSortable: isSortable(name) }));
  return (
    <TableSection
      headingId={headingId}
      title={words.hosts}
      count={formats.number(cluster.hostNames.value.length)}
      isEmpty={useComputed(() => rows.ids.value.length === 0).value}
      empty={<p class="table-empty">{words.noHosts}</p>}
    >
      <TableFrame rows={rows} cursor={cursor} rowId={hostHeadingId} class="host-table">
        <caption class="unseen">{words.caption(words.hosts, words.hostColumns[sort.column], sort.isDescending)}</caption>
        <TableHead columns={columns} sort={sort} label={words.sortBy} />
        <RowBlocks rows={rows} cursor={cursor} renderRow={renderRow} />
      </TableFrame>
      <HeldHint isBehind={rows.isBehind} />
    </TableSection>
  );
}

interface HostRowProps {
  readonly name: HostName;
  /** From 0. */
  readonly index: number;
  readonly cursor: RowCursor;
}

function HostRow({ name, index, cursor }: HostRowProps) {
  const { cluster } = useSession();
  const { go } = usePageState();
  const isTabStop = useComputed(() => cursor.id.value === name).value;
  const host = cluster.host(name);
  return (
    <tr {...ROLES.row} id={hostHeadingId(name)} class="table-row" aria-rowindex={index + 2} data-row={name} data-state={host?.state}>
      <th {...ROLES.rowheader} scope="row" data-column="name">
        <button
          type="button"
          aria-haspopup="dialog"
          tabIndex={isTabStop ? 0 : -1}
          title={name}
          onClick={() => go({ host: name, vm: null })}
        >
          <span class="cell-text">
            {host?.displayName ?? name}
            {host?.displayName !== undefined && <span class="muted"> {name}</span>}
          </span>
        </button>
      </th>
      <Cells name={name} />
    </tr>
  );
}

function Cells({ name }: { readonly name: HostName }) {
  const { cluster } = useSession();
  const { words, formats } = useWords();
  const { facts } = useLateWords();
  const table = useTableWords();
  const titles = table.hostColumns;
  const { host, vms, arriving, leaving } = hostRowOf(cluster, name);
  const reasons = host?.reasons.join(' · ') ?? '';
  const unknown = facts.notKnown;
  return (
    <>
      {cell({
        column: 'state',
        title: titles.state,
        whole: reasons,
        children: (
          <>
            <Shape of={host?.state ?? 'in-progress'} /> {host === undefined ? words.unknownHost : words.hostStates[host.state]}
            {reasons !== '' && <span class="muted"> {reasons}</span>}
          </>
        ),
      })}
      {cell({ column: 'vms', title: titles.vms, children: formats.number(vms) })}
      {cell({ column: 'arriving', title: titles.arriving, children: formats.number(arriving) })}
      {cell({ column: 'leaving', title: titles.leaving, children: formats.number(leaving) })}
      {cell({ column: 'cpu', title: titles.cpu, unknown, children: host?.cpu === undefined ? undefined : formats.number(host.cpu) })}
      {cell({
        column: 'memory',
        title: titles.memory,
        unknown,
        children: host?.memory === undefined ? undefined : memoryText(host.memory, formats),
      })}
      <td {...ROLES.cell} data-column="drain" data-label={titles.drain} data-unknown={host?.drain === undefined ? 'true' : undefined}>
        {host?.drain !== undefined && <HostDrain host={host} />}
      </td>
    </>
  );
}
