import { usePageState } from '../page/page-state-model.ts';
import type { Room } from './table-cells.tsx';
import { ROLES } from './table-roles.ts';
import { formatSort, nextSort, type Sort } from './table-sorting.ts';

export interface HeadColumn<Name extends string> {
  readonly name: Name;
  readonly title: string;
  readonly isSortable: boolean;
  /** As of its cells. */
  readonly room?: Room | undefined;
}

export interface TableHeadProps<Name extends string> {
  readonly columns: readonly HeadColumn<Name>[];
  readonly sort: Sort<Name>;
  /** Before the columns, where they stand in a line of their own. */
  readonly label: string;
}

/** The heads of the columns; those that can be sorted by are buttons. */
export function TableHead<Name extends string>({ columns, sort, label }: TableHeadProps<Name>) {
  const { adjust } = usePageState();
  return (
    <thead {...ROLES.rowgroup}>
      <tr {...ROLES.row} aria-rowindex={1} data-label={label}>
        {columns.map(({ name, title, isSortable, room }) => (
          <th
            key={name}
            {...ROLES.columnheader}
            scope="col"
            data-column={name}
            data-room={room}
            aria-sort={sort.column === name ? (sort.isDescending ? 'descending' : 'ascending') : undefined}
          >
            {isSortable ? (
              <button type="button" class="quiet table-sort" onClick={() => adjust({ sort: formatSort(nextSort(sort, name)) })}>
                {title}
              </button>
            ) : (
              title
            )}
          </th>
        ))}
      </tr>
    </thead>
  );
}
