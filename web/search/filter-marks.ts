/** What the search writes on chips that are there, and on the page. A shell over the document. */
import type { VmId } from '../../core/model.ts';
import { arrivingChipId, homeChipId } from '../board/chip-id.ts';

export interface FilterMarks {
  /** A VM steps back, or comes forward. `mayArrive`: it may have a second chip. */
  dim(id: VmId, isDimmed: boolean, mayArrive: boolean): void;
  /** What becomes of those that stepped back; null where nothing is asked for. */
  show(mode: 'dim' | 'hide' | null): void;
}

export const DOCUMENT_MARKS: FilterMarks = {
  dim(id, isDimmed, mayArrive) {
    mark(document.getElementById(homeChipId(id)), isDimmed);
    if (mayArrive) mark(document.getElementById(arrivingChipId(id)), isDimmed);
  },
  show(mode) {
    if (mode === null) delete document.documentElement.dataset.filter;
    else document.documentElement.dataset.filter = mode;
  },
};

function mark(chip: Element | null, isDimmed: boolean): void {
  if (isDimmed) chip?.setAttribute('data-dimmed', 'true');
  else chip?.removeAttribute('data-dimmed');
}
