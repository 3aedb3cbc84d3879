/**
 * When the details of a VM are read again: a pure machine; vm-detail-model.ts is the shell that runs it.
 *
 * They are read when a frame changes the VM, one reading at a time, and not with every frame of a storm. What changes while one is under way
 * is read afterwards. Nothing is polled, and what failed is tried again by the next change or by the reader's hand; only where the room names
 * a time (429) it is by itself.
 */
export const DETAIL_INTERVAL_MS = 2_000;

/** All times on one steady clock, in milliseconds. */
export interface RefreshState {
  readonly isReading: boolean;
  /** There is something that has not been read. */
  readonly isDue: boolean;
  /** Not read again before. */
  readonly notBefore: number;
}

export const NOTHING_READ: RefreshState = { isReading: false, isDue: false, notBefore: Number.NEGATIVE_INFINITY };

export type RefreshEvent =
  | { readonly name: 'changed' }
  /** The reader asks for it: at once. */
  | { readonly name: 'asked' }
  | { readonly name: 'begun' }
  /** `retryAfterMs`: the room was asked too often; null otherwise. */
  | { readonly name: 'ended'; readonly retryAfterMs: number | null };

export function nextRefresh(state: RefreshState, event: RefreshEvent, now: number): RefreshState {
  switch (event.name) {
    case 'changed':
      return { ...state, isDue: true };
    case 'asked':
      return { ...state, isDue: true, notBefore: now };
    case 'begun':
      return { isReading: true, isDue: false, notBefore: now + DETAIL_INTERVAL_MS };
    case 'ended': {
      const { retryAfterMs } = event;
      if (retryAfterMs === null) return { ...state, isReading: false };
      return { isReading: false, isDue: true, notBefore: Math.max(state.notBefore, now + retryAfterMs) };
    }
  }
}

/** When to read next; null: not until something happens. */
export const dueAt = ({ isReading, isDue, notBefore }: RefreshState): number | null => (isReading || !isDue ? null : notBefore);
