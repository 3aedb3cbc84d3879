import { useComputed } from '@preact/signals';
import { useEffect, useLayoutEffect, useMemo } from 'preact/hooks';
import { homeChipId } from '../board/chip-id.ts';
import { usePictureTools } from '../board/picture-tools.ts';
import { useSession, useWords } from '../page/context.ts';
import { usePageState } from '../page/page-state-model.ts';
import { useLateWords } from '../words/late-words.ts';
import { useTableWords } from '../words/view-words.ts';
import { RowBlocks } from './table-block-rows.tsx';
import { createRowCursor } from './table-cursor.ts';
import { HeldHint, TableFrame } from './table-frame.tsx';
import { type HeadColumn, TableHead } from './table-head.tsx';
import { TableSection } from './table-section.tsx';
import { parseSort, VM_SORTS } from './table-sorting.ts';
import { ROOMS, type VmColumn, vmColumns } from './table-vm-columns.ts';
import { VmRow } from './table-vm-row.tsx';
import { createVmRows } from './table-vm-rows.ts';

/** All VMs that the search finds, one row each: the same picture as the board's, for those who read tables. */
export function VmTable({ headingId }: { readonly headingId: string }) {
  const { cluster } = useSession();
  const { picture, filter } = usePictureTools();
  const { state } = usePageState();
  const words = useTableWords();
  const { empty } = useLateWords();
  const { formats } = useWords();
  const sort = parseSort(useComputed(() => state.value.sort).value, VM_SORTS);
  const rows = useMemo(() => createVmRows(picture, filter, sort), [picture, filter]);
  const cursor = useMemo(() => createRowCursor(rows.ids), [rows]);
  useLayoutEffect(() => rows.start(), [rows]);
  useLayoutEffect(() => rows.sortBy(sort), [rows, sort.column, sort.isDescending]);
  const selected = useComputed(() => state.value.vm).value;
  // Its row is drawn, however far away it is, and so it can be shown.
  useEffect(() => (selected === null ? undefined : cursor.put(selected)), [cursor, selected]);
  const hasLabels = rows.hasLabels.value;
  // Not useCallback, which would come with the first load.
  const renderRow = useMemo(
    () => (id: string, index: number) => <VmRow key={id} id={id} index={index} cursor={cursor} hasLabels={hasLabels} />,
    [cursor, hasLabels],
  );
  const columns = vmColumns(hasLabels).map(
    (name): HeadColumn<VmColumn> => ({
      name,
      title: words.columns[name],
      isSortable: name !== 'labels',
      room: ROOMS[name],
    }),
  );
  const { vms } = cluster.counts.value;
  return (
    <TableSection
      headingId={headingId}
      title={words.vms}
      count={filter.isActive.value ? words.found(formats.number(filter.found.value), formats.number(vms)) : formats.number(vms)}
      isEmpty={useComputed(() => rows.ids.value.length === 0).value}
      empty={vms === 0 ? <p class="table-empty">{empty.noVms}</p> : <NothingFound />}
    >
      <TableFrame rows={rows} cursor={cursor} rowId={homeChipId} class="vm-table panel">
        <caption class="unseen">{words.caption(words.vms, words.columns[sort.column], sort.isDescending)}</caption>
        <TableHead columns={columns} sort={sort} label={words.sortBy} />
        <RowBlocks rows={rows} cursor={cursor} renderRow={renderRow} />
      </TableFrame>
      <HeldHint isBehind={rows.isBehind} />
    </TableSection>
  );
}

/** There are VMs, and the search leaves none of them. */
function NothingFound() {
  const { filter } = usePictureTools();
  const words = useTableWords();
  if (!filter.isActive.value) return null;
  const clear = (): void => {
    filter.type('');
    filter.settle();
  };
  return (
    <p class="table-empty">
      {words.nothingFound}{' '}
      <button type="button" class="action" onClick={clear}>
        {words.clearSearch}
      </button>
    </p>
  );
}
