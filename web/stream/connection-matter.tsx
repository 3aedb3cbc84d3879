import { useSession } from '../page/context.ts';
import { EdgeWords } from '../parts/edge-words.tsx';
import type { LateMessages } from '../words/en-late.ts';
import { useLateWords } from '../words/late-words.ts';
import type { Badge } from './badge.ts';
import type { ConnectionModel } from './connection-model.ts';

/** What is the matter with the connection or with the cluster, in a sentence, where something is. */
export function ConnectionMatter() {
  return <Matter connection={useSession().connection} stale={useLateWords().staleHint} />;
}

/** `stale`: what it means that nothing is heard. */
export function Matter({ connection, stale }: { readonly connection: ConnectionModel; readonly stale: string }) {
  const badge = connection.badge.value;
  const matter = matterOf(badge, stale, useLateWords());
  if (matter === undefined) return null;
  return (
    <span class="status-matter">
      {matter}
      <EdgeWords said={badge.kind === 'refused' ? badge.detail : undefined} />
    </span>
  );
}

function matterOf(badge: Badge, stale: string, words: LateMessages): string | undefined {
  if (badge.kind === 'refused') return words.refusals[badge.refusal].text;
  if (badge.kind === 'reconnecting') return badge.trouble && words.troubles[badge.trouble];
  if (badge.kind === 'past') return words.history.hint;
  return badge.kind === 'stale' ? stale : undefined;
}
