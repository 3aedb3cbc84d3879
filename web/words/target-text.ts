/** Where a VM on its way goes, in words. Pure. */
import type { Transit } from '../../core/model.ts';
import type { Messages } from './en.ts';

export function targetText({ to, requested, peer }: Transit, words: Messages): string {
  if (peer?.direction === 'out') return words.toCluster(peer.host);
  if (to !== null) return words.toTarget(to);
  return requested === undefined ? words.targetPending : words.targetAsked(requested);
}
