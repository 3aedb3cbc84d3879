import { useWords } from '../page/context.ts';
import { useLateWords } from '../words/late-words.ts';
import type { AnnouncementModel } from './announcement-model.ts';
import { happeningsText } from './happening-text.ts';

/** What a screen reader hears: a polite sentence now and then, an urgent one only when the picture can no longer be trusted. */
export function Announcer({ model }: { readonly model: AnnouncementModel }) {
  const words = useWords();
  const late = useLateWords();
  const { serial, happenings } = model.announcement.value;
  const { told, isStanding } = model.warned.value;
  const warnings = { ...late.announce, 'signed-out': late.signIn.again };
  return (
    <>
      {/* A status is read as a whole by itself; but that it is live again is told once, and not with all that happens from then on. */}
      <p class="unseen" role="status" aria-atomic="false">
        <span key={serial}>{happeningsText(happenings, { ...words, late })}</span>
        {isStanding && told === 'back' && <span> {warnings.back}</span>}
      </p>
      <p class="unseen" role="alert">
        {isStanding && told !== 'back' && warnings[told]}
      </p>
    </>
  );
}
