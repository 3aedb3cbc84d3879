import { type ReadonlySignal, useComputed, useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { useEffect, useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import { type BlockWatch, createBlockWatch } from './table-block-watch.ts';
import { BLOCK_ROWS_COUNT, countBlocks, fillNext, isBlockDrawn, rowsOfBlock } from './table-blocks.ts';
import type { RowCursor } from './table-cursor.ts';
import { ROLES } from './table-roles.ts';
import type { TableRows } from './table-rows.ts';

export interface RowBlocksProps {
  readonly rows: Pick<TableRows, 'ids' | 'turn'>;
  readonly cursor: Pick<RowCursor, 'index'>;
  /** With the id as its key. `index` from 0. */
  readonly renderRow: (id: string, index: number) => VNode;
}

/** The rows of a table, as many of them as table-blocks.ts has drawn. */
export function RowBlocks({ rows, cursor, renderRow }: RowBlocksProps) {
  const watch = useMemo(createBlockWatch, []);
  useLayoutEffect(() => watch.close, [watch]);
  const { ids, turn } = rows;
  const rowCount = useComputed(() => ids.value.length).value;
  /** In this turn. */
  const drawn = useSignal({ turn: turn.peek(), blocks: 0 });
  const filled = useComputed(() => (drawn.value.turn === turn.value ? drawn.value.blocks : 0));
  useEffect(() => {
    const blocks = fillNext(filled.value, rowCount);
    if (blocks === filled.value) return;
    const frame = requestAnimationFrame(() => {
      drawn.value = { turn: turn.peek(), blocks };
    });
    return () => cancelAnimationFrame(frame);
  }, [filled.value, rowCount]);
  return (
    <>
      {Array.from({ length: countBlocks(rowCount) }, (_, index) => (
        <Block key={index} index={index} rows={rows} cursor={cursor} renderRow={renderRow} watch={watch} filled={filled} />
      ))}
    </>
  );
}

interface BlockProps extends RowBlocksProps {
  readonly index: number;
  readonly watch: BlockWatch;
  readonly filled: ReadonlySignal<number>;
}

function Block({ index, rows: { ids }, cursor, renderRow, watch, filled }: BlockProps) {
  const body = useRef<HTMLTableSectionElement>(null);
  useLayoutEffect(() => (body.current === null ? undefined : watch.observe(body.current, index)), [watch, index]);
  const first = index * BLOCK_ROWS_COUNT;
  const count = useComputed(() => Math.min(BLOCK_ROWS_COUNT, ids.value.length - first)).value;
  const isDrawn = useComputed(() =>
    isBlockDrawn({
      index,
      isNear: watch.isNear(index).value,
      hasFocusRow: Math.floor(cursor.index.value / BLOCK_ROWS_COUNT) === index,
      isPrinted: watch.isPrinted.value,
      filled: filled.value,
    }),
  ).value;
  return (
    <tbody {...(isDrawn ? ROLES.rowgroup : ROLES.gap)} ref={body}>
      {isDrawn ? (
        rowsOfBlock(ids.value, index).map((id, offset) => renderRow(id, first + offset))
      ) : (
        <Gap height={watch.heightOf(index, count)} />
      )}
    </tbody>
  );
}

/**
 * Where rows are that are not drawn: as high as they are, or as rows are elsewhere. Its cell is in the first column only: one that spanned
 * columns which the table has no room for would make them anew, and take their width from the others.
 */
function Gap({ height }: { readonly height: number }) {
  const cell = useRef<HTMLTableCellElement>(null);
  useLayoutEffect(() => {
    if (cell.current !== null) cell.current.style.height = `${height}px`;
  }, [height]);
  return (
    <tr class="table-gap">
      <td ref={cell} />
    </tr>
  );
}
