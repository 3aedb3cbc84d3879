/** What the elements of a table are anyway; Safari forgets it where the style gives them another display, as on narrow screens. */
export const ROLES = {
  table: { role: 'table' },
  rowgroup: { role: 'rowgroup' },
  row: { role: 'row' },
  columnheader: { role: 'columnheader' },
  rowheader: { role: 'rowheader' },
  cell: { role: 'cell' },
  /** Room for rows that are not drawn. */
  gap: { 'aria-hidden': true },
} as const;
