import { effect, type ReadonlySignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { useTableWords } from '../words/view-words.ts';
import { rowForKey } from './table-blocks.ts';
import type { RowCursor } from './table-cursor.ts';
import { ROLES } from './table-roles.ts';
import type { TableRows } from './table-rows.ts';

export interface TableFrameProps {
  readonly rows: TableRows;
  readonly cursor: RowCursor;
  /** The DOM id of a row. */
  readonly rowId: (id: string) => string;
  readonly class?: string;
  readonly children: ComponentChildren;
}

/** What the tables have in common: rows that stand still while somebody points at them, and keys that go from row to row. */
export function TableFrame({ rows, cursor, rowId, class: className, children }: TableFrameProps) {
  const { isPointedAt, hasFocus } = useMemo(() => createHolder(rows), [rows]);
  const table = useRef<HTMLTableElement>(null);
  useEffect(() => () => rows.hold(false), [rows]);

  function focusCursor(): void {
    const id = cursor.id.peek();
    if (id !== undefined) document.getElementById(rowId(id))?.querySelector('button')?.focus();
  }
  // Another order, or another search, draws rows anew: the focus stays with its row, or is at the first where that is not listed any more.
  useEffect(
    () =>
      effect(() => {
        rows.turn.value;
        if (!isInRows(document.activeElement) || table.current?.contains(document.activeElement) !== true) return;
        requestAnimationFrame(() => {
          if (document.activeElement === document.body) focusCursor();
        });
      }),
    [rows, cursor],
  );

  function goToRow(event: KeyboardEvent): void {
    if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey || !isInRows(event.target)) return;
    const to = rowForKey(event.key, cursor.index.peek(), rows.ids.peek().length);
    const id = to === null ? undefined : rows.ids.peek()[to];
    if (id === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    cursor.put(id);
    // A row that was out of sight is drawn first.
    requestAnimationFrame(focusCursor);
  }
  function followFocus(event: FocusEvent): void {
    const isInside = isInRows(event.target);
    hasFocus(isInside);
    const row = isInside ? (event.target as Element).closest<HTMLElement>('[data-row]')?.dataset.row : undefined;
    if (row !== undefined) cursor.put(row);
  }

  return (
    <table
      {...ROLES.table}
      ref={table}
      class={`rows-table ${className ?? ''}`}
      aria-rowcount={rows.ids.value.length + 1}
      onPointerOver={(event) => event.pointerType !== 'touch' && isPointedAt(isInRows(event.target))}
      onPointerLeave={() => isPointedAt(false)}
      onFocusIn={followFocus}
      onFocusOut={(event) => hasFocus(isInRows(event.relatedTarget) && table.current?.contains(event.relatedTarget as Node) === true)}
      onKeyDown={goToRow}
    >
      {children}
    </table>
  );
}

const isInRows = (target: EventTarget | null): boolean => target instanceof Element && target.closest('tbody') !== null;

function createHolder(rows: TableRows): { isPointedAt(is: boolean): void; hasFocus(is: boolean): void } {
  let isPointed = false;
  let isFocused = false;
  const hold = (): void => rows.hold(isPointed || isFocused);
  return {
    isPointedAt(is) {
      if (isPointed === is) return;
      isPointed = is;
      hold();
    },
    hasFocus(is) {
      if (isFocused === is) return;
      isFocused = is;
      hold();
    },
  };
}

/** Says why rows stand otherwise than the head says. It moves nothing when it comes. */
export function HeldHint({ isBehind }: { readonly isBehind: ReadonlySignal<boolean> }) {
  const table = useTableWords();
  return <p class="table-held">{isBehind.value && <span>{table.held}</span>}</p>;
}
