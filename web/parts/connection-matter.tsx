import type { Badge } from '../badge.ts';
import { useSession } from '../context.ts';
import type { LateMessages } from '../en-late.ts';
import { useLateWords } from '../late-words.ts';

/** What is the matter with the connection or with the cluster, in a sentence, where something is. */
export function ConnectionMatter() {
  const { connection } = useSession();
  const matter = matterOf(connection.badge.value, useLateWords());
  return matter === undefined ? null : <span class="status-matter">{matter}</span>;
}

function matterOf(badge: Badge, words: LateMessages): string | undefined {
  if (badge.kind === 'refused') return badge.detail ?? words.refusals[badge.refusal].text;
  if (badge.kind === 'reconnecting') return badge.trouble && words.troubles[badge.trouble];
  return badge.kind === 'stale' ? words.staleHint : undefined;
}
