/**
 * Notices a frame that was lost without a trace (SPEC D3): a pulse names the room's head, and what leads up to it has been
 * sent before. One pulse may overtake its frame on the way; two of them mean that nothing will come.
 */
import { parseCursor } from '../../core/cursor.ts';

/** The head that was announced and not reached yet. */
export type AwaitedHead = string | null;

export interface HeadCheck {
  readonly awaited: AwaitedHead;
  /** The picture lacks something that will not come by itself. */
  readonly isLost: boolean;
}

export function checkHead(awaited: AwaitedHead, own: string | null, head: string | null): HeadCheck {
  if (!isAhead(head, own)) return { awaited: null, isLost: false };
  return { awaited: awaited ?? head, isLost: isAhead(awaited, own) };
}

/** Whether `head` holds something that `own` does not. A head that cannot be read says nothing; where there is none, there is nothing to read. */
export function isAhead(head: string | null, own: string | null): boolean {
  const [there, here] = [parseCursor(head ?? ''), parseCursor(own ?? '')];
  if (!there.ok || !here.ok) return there.ok;
  return there.value.epoch !== here.value.epoch || there.value.revision > here.value.revision;
}
