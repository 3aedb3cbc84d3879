import type { ComponentChildren, VNode } from 'preact';

export interface TableSectionProps {
  readonly headingId: string;
  readonly title: string;
  readonly count: string;
  readonly isEmpty: boolean;
  /** In place of a table without rows. */
  readonly empty: VNode;
  readonly children: ComponentChildren;
}

/** A table under its heading, to which the other table's link leads. */
export const TableSection = ({ headingId, title, count, isEmpty, empty, children }: TableSectionProps) => (
  <section class="table-section" aria-labelledby={headingId}>
    <h2 id={headingId} class="table-title" tabIndex={-1}>
      {title} <span class="table-count">{count}</span>
    </h2>
    {isEmpty ? empty : children}
  </section>
);
