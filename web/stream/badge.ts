/** What the badge says: the page's own connection and the cluster's freshness in one word (SPEC D3, D5). */
import type { Freshness } from '../../core/freshness.ts';
import type { ConnectionState, Refusal, Trouble } from './connection-state.ts';

export type Badge =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'live' }
  | { readonly kind: 'reconnecting'; readonly until: number | null; readonly trouble: Trouble | undefined }
  | { readonly kind: 'stale' }
  | { readonly kind: 'waiting' }
  /** A moment of the past is painted, or waited for, however live the connection is. */
  | { readonly kind: 'past' }
  | { readonly kind: 'refused'; readonly refusal: Refusal; readonly detail: string | undefined };

/**
 * The page's own trouble comes before the cluster's: a page that hears nothing knows nothing of the cluster.
 * A stream that has just been asked for is not trouble yet, and a picture is never called live before its stream has spoken.
 */
export function selectBadge(state: ConnectionState, freshness: Freshness, hasPicture: boolean): Badge {
  if (state.name === 'refused') return { kind: 'refused', refusal: state.refusal, detail: state.detail };
  if (state.name === 'reconnecting') return { kind: 'reconnecting', until: state.until, trouble: state.trouble };
  const isLive = state.name === 'live';
  if (!isLive && 'attempt' in state && state.attempt > 0) return { kind: 'reconnecting', until: null, trouble: state.trouble };
  return { kind: hasPicture && (isLive || 'isRenewal' in state) ? freshness : 'connecting' };
}
