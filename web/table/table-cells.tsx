import type { ComponentChildren, VNode } from 'preact';
import { useLateWords } from '../words/late-words.ts';
import { ROLES } from './table-roles.ts';

/** A column that is there only where the table has so much room. */
export type Room = 'medium' | 'wide' | 'widest';

export interface CellProps {
  readonly column: string;
  /** The head of its column, for a narrow screen, where the row is a stack of cells. */
  readonly title: string;
  /** What there is to see; undefined where it is not known, and then a dash says so. */
  readonly children?: ComponentChildren;
  /** In the place of what is not known, for those who listen; without it there is nothing to be known. */
  readonly unknown?: string;
  /** All of the text, where there may not be room for it. */
  readonly whole?: string | undefined;
  /** On a narrow screen, where it is a line of its own, it is there too. */
  readonly room?: Room | undefined;
  /** It says where a VM goes. */
  readonly isMoving?: boolean;
}

/** A cell of at most two lines, in which a dash stands for what is not known; names are never cut (styles/late/table.css). */
export function Cell(props: Omit<CellProps, 'unknown'>) {
  return cell({ ...props, unknown: useLateWords().facts.notKnown });
}

/** The same without a component: there are a dozen cells in a row, and hundreds of rows are drawn while a reader scrolls. */
export function cell({ column, title, children, unknown, whole, room, isMoving }: CellProps): VNode {
  const isEmpty = children === undefined || children === null || children === false || children === '';
  return (
    <td
      {...ROLES.cell}
      data-column={column}
      data-room={room}
      data-label={title}
      data-unknown={isEmpty ? 'true' : undefined}
      data-moving={isMoving ? 'true' : undefined}
    >
      {isEmpty ? (
        unknown !== undefined && (
          <>
            <span aria-hidden="true">–</span>
            <span class="unseen">{unknown}</span>
          </>
        )
      ) : (
        <span class="cell-text" title={whole}>
          {children}
        </span>
      )}
    </td>
  );
}
