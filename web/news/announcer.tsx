import { useSession, useWords } from '../page/context.ts';
import type { Badge } from '../stream/badge.ts';
import type { LateMessages } from '../words/en-late.ts';
import { useLateWords } from '../words/late-words.ts';
import type { AnnouncementModel } from './announcement-model.ts';
import { happeningsText } from './happening-text.ts';

/** What a screen reader hears: a polite sentence now and then, an urgent one only when the picture can no longer be trusted. */
export function Announcer({ model }: { readonly model: AnnouncementModel }) {
  const { cluster, connection } = useSession();
  const words = useWords();
  const late = useLateWords();
  const { serial, happenings } = model.announcement.value;
  return (
    <>
      <p class="unseen" role="status">
        <span key={serial}>{happeningsText(happenings, { ...words, late })}</span>
      </p>
      <p class="unseen" role="alert">
        {warningOf(connection.badge.value, cluster.hasPicture.value, late)}
      </p>
    </>
  );
}

function warningOf(badge: Badge, hasPicture: boolean, words: LateMessages): string {
  if (badge.kind === 'refused') {
    // Before there is a picture, what is shown instead of it says why.
    if (!hasPicture) return '';
    return badge.refusal === 'login-required' ? words.signIn.again : words.announce.lost;
  }
  if (badge.kind === 'reconnecting') return words.announce.lost;
  return badge.kind === 'stale' ? words.announce.stale : '';
}
